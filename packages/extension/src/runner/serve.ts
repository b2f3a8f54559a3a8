import type { Context, Extension, HookEvent, Storage, Tool, ToolContext } from "../index.ts"
import { ASK, CALL, LOG, PROGRESS, type ProgramPlan } from "../wire.ts"
import type { Answer, Peer, Request } from "./peer.ts"
import { storageIn } from "./storage.ts"

/** Runs what is asked for. Throws what the module throws, in words for whoever asked. */
export function answers(extension: Extension, plan: ProgramPlan, line: Peer): Answer {
  const storage = storageIn(plan.dataFolder)
  return async (request) => {
    const { method, params } = request
    const context = contextOf(request, storage, line)
    switch (method) {
      case "tool": {
        const tool = named(extension.tools, params.name)
        return outputOf(await tool.run(inputOf(tool, params.input), toolContext(request, context, line)))
      }
      case "command":
        return await named(extension.commands, params.name).run(String(params.args), context)
      case "hook":
        return await hooked(extension, request, context)
      default:
        throw new Error(`There is no ${method}.`)
    }
  }
}

function named<T extends { readonly name: string }>(all: readonly T[] = [], name: unknown): T {
  const found = all.find((one) => one.name === name)
  if (found === undefined) throw new Error(`The extension has no ${String(name)}.`)
  return found
}

/** As the tool's own schema has it, where that can say. */
function inputOf({ input: schema }: Tool, input: unknown): unknown {
  const { parse } = schema
  return typeof parse === "function" ? parse.call(schema, input) : input
}

function outputOf(output: Awaited<ReturnType<Tool["run"]>>): { readonly text: string; readonly isError: boolean } {
  if (typeof output === "string") return { text: output, isError: false }
  return { text: String(output?.text ?? ""), isError: output?.isError === true }
}

async function hooked({ hooks = {} }: Extension, { params }: Request, context: Context): Promise<unknown> {
  const hook = hooks[params.event as HookEvent]
  const handler = typeof hook === "object" ? hook.run : hook
  // The point is the event's own: skein sends it with its name.
  return await handler?.(params.point as never, context)
}

function contextOf({ params, signal }: Request, storage: Storage, line: Peer): Context {
  return { signal, storage, cwd: String(params.cwd), log: (text) => line.tell(LOG, { text: String(text) }) }
}

function toolContext({ id }: Request, context: Context, line: Peer): ToolContext {
  const call = async (name: string, input: unknown) => String(await line.ask(CALL, { for: id, name, input }))
  return {
    ...context,
    call,
    progress: (text) => line.tell(PROGRESS, { for: id, text: String(text) }),
    ask: async (question, choices = []) => String(await line.ask(ASK, { for: id, question, choices })),
    files: {
      read: (path) => call("read", { path }),
      write: async (path, content) => void (await call("write", { path, content })),
      edit: async (path, from, to) => void (await call("edit", { path, oldText: from, newText: to })),
    },
  }
}
