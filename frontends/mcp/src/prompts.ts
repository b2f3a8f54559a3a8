import type { GetPromptResult, Prompt, PromptMessage } from "@modelcontextprotocol/server"
import type { CommandInfo, Engine, InputPart } from "@skein/protocol"
import { RequestError } from "./asked.ts"
import type { Lanes } from "./lanes.ts"
import type { McpPrompts } from "./source.ts"

/** Whatever is typed behind the name of a command. */
const ARGUMENTS = "arguments"

interface Parts {
  readonly engine: Engine
  readonly lanes: Lanes
}

/** The folder's own commands and skills, as its person begins them by name. Those of other servers are those servers' to give. */
export function workspacePrompts({ engine, lanes }: Parts): McpPrompts {
  let seen: string | undefined
  const all = async () => {
    const commands = await engine.ask({ type: "commands.list", sessionId: await lanes.main() })
    return commands.filter(({ origin, blocker }) => isOwn(origin) && blocker === undefined)
  }
  return {
    async list() {
      const prompts = (await all()).map(promptOf)
      seen = JSON.stringify(prompts)
      return prompts
    },
    async hasChanged() {
      if (seen === undefined) return false
      const before = seen
      seen = JSON.stringify((await all()).map(promptOf))
      return seen !== before
    },
    async get(name, args) {
      const known = (await all()).find((command) => command.name === name)
      if (known === undefined) throw unknown(name)
      const sessionId = await lanes.main()
      const reply = await engine.ask({ type: "command.resolve", sessionId, name, args: args[ARGUMENTS] ?? "" })
      if (reply.kind === "usage" || reply.kind === "show") throw new RequestError("invalid_params", reply.text)
      const input = reply.kind === "ops" ? reply.ops.flatMap((op) => (op.type === "turn.submit" ? op.input : [])) : []
      if (input.length === 0) throw unknown(name)
      return { description: known.summary, messages: input.map(messageOf) } satisfies GetPromptResult
    },
  }
}

function isOwn(origin: CommandInfo["origin"]): boolean {
  return origin !== undefined && origin.kind !== "mcp"
}

function promptOf({ name, summary, usage }: CommandInfo): Prompt {
  const given = { name: ARGUMENTS, description: usage, required: false }
  return { name, description: summary, ...(usage === "" ? {} : { arguments: [given] }) }
}

function messageOf(part: InputPart): PromptMessage {
  if (part.type === "text") return { role: "user", content: { type: "text", text: part.text } }
  return { role: "user", content: { type: "image", data: part.data, mimeType: part.mediaType } }
}

function unknown(name: string): RequestError {
  return new RequestError("invalid_params", `There is no prompt ${JSON.stringify(name.slice(0, 200))} here.`)
}
