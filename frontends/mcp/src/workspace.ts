import { accepted, type Engine, type SessionId, SkeinError, type ToolInfo } from "@skein/protocol"
import { type Asked, RequestError } from "./asked.ts"
import { Lanes } from "./lanes.ts"
import { makeCall } from "./own-call.ts"
import { workspacePrompts } from "./prompts.ts"
import { type FileReader, workspaceResources } from "./resources.ts"
import type { McpSource } from "./source.ts"
import { isServed, toolOf } from "./tools.ts"
import { Work } from "./work.ts"

export interface WorkspaceOptions {
  readonly version: string
  /** The folder that is served. Absolute. */
  readonly cwd: string
  /** Folders beside it that files are read from. Absolute. */
  readonly extraRoots: readonly string[]
  /** Of its sessions; no model is asked, so it need not be there. */
  readonly model: () => Promise<string>
  readonly readFile: FileReader
  /** Takes out of a file's text what must not be shown. */
  readonly redact: (text: string) => string
}

/** One client's view of a folder: skein's tools, its files, and what an agent there should know. */
export function workspaceSource(engine: Engine, options: WorkspaceOptions): McpSource {
  const { version, cwd } = options
  const lanes = new Lanes(() => beginSession(engine, options))
  let known: Promise<readonly ToolInfo[]> | undefined
  const tools = () => {
    known ??= engine.ask({ type: "tools.list" }).then((all) => all.filter(isServed))
    return known
  }
  const begin = async (name: string, input: unknown, asked: Asked): Promise<Work> => {
    const tool = (await tools()).find((tool) => tool.name === name)
    if (tool === undefined) throw new RequestError("invalid_params", `There is no tool ${JSON.stringify(name)} here.`)
    const work = new Work(asked)
    run(tool, input, work).catch((error: unknown) => work.fail(error))
    return work
  }
  const run = async (tool: ToolInfo, input: unknown, work: Work) => {
    const lane = await lanes.take(tool.isConcurrent, work.signal).catch((error: unknown) => {
      work.settle(refusedResult(error))
    })
    if (lane === undefined) return
    try {
      const call = { name: tool.name, input, sessionId: lane.sessionId }
      work.settle(await makeCall(call, work, engine).catch(refusedResult))
    } finally {
      lanes.release(lane)
    }
  }
  return {
    ...{ name: "skein", title: `skein in ${cwd}`, version, instructions: instructionsFor(cwd) },
    tools: async () => (await tools()).map(toolOf),
    begin: ({ name, arguments: input = {} }, asked) => begin(name, input, asked),
    prompts: workspacePrompts({ engine, lanes }),
    resources: workspaceResources({ ...options, engine, lanes, begin }),
    async close() {
      for (const sessionId of lanes.sessionIds) await engine.submit({ type: "session.close", sessionId })
    },
  }
}

async function beginSession(engine: Engine, { cwd, model }: WorkspaceOptions): Promise<SessionId> {
  const op = { type: "session.create", cwd, settings: { model: await model() }, isInteractive: false } as const
  return (await accepted(engine, op)).sessionId
}

/** What the engine refuses is for the client's model, as what a tool refuses. */
function refusedResult(error: unknown) {
  if (!(error instanceof SkeinError)) throw error
  return { content: [{ type: "text" as const, text: error.message }], isError: true }
}

function instructionsFor(cwd: string): string {
  return (
    `The tools of skein, working in ${cwd}. Relative paths start there. Read a file before you change it. Changing calls run one ` +
    "after the other; reading ones beside them. What the settings of this machine do not allow is asked of your person, where " +
    "you can show a form, and refused otherwise. The resource skein://instructions says what is to be minded in this folder."
  )
}
