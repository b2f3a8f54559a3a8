import { type CommandReply, MCP_ACTIONS, type McpAction, type McpServerInfo, SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { type CommandWorld, defineCommand } from "./command.ts"
import { columns } from "./text.ts"

export const mcp = defineCommand({
  name: "mcp",
  summary: "MCP servers: their states and tools; begin and end them.",
  usage: "[list | connect | disconnect | enable | disable | tools | call | login] [server] …",
  whileBusy: true,
  async run(args, world) {
    const { sessionId } = world
    const [, verb = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(args) ?? []
    if (verb === "" || verb === "servers" || verb === "list") return list(world)
    const action = MCP_ACTIONS.find((one) => one === verb)
    if (action !== undefined) return control(action, rest, world)
    if (verb === "tools") return { kind: "show", text: toolsText(await serverNamed(rest, world)) }
    if (verb === "login" || verb === "logout")
      return { kind: "show", text: inTerminal(verb, await serverNamed(rest, world)) }
    if (verb !== "call")
      return { kind: "usage", text: `/mcp ${mcp.usage}  as /mcp tools git, /mcp call git log {"branch": "main"}` }
    const [, server, tool, input = ""] = /^(\S+)\s+(\S+)\s*([\s\S]*)$/.exec(rest) ?? []
    if (server === undefined || tool === undefined) return { kind: "usage", text: "/mcp call <server> <tool> {…}" }
    const found = await serverNamed(server, world)
    const made = { server: found.name, tool, input: inputOf(input) }
    return { kind: "ops", ops: [{ type: "call.make", sessionId, name: "mcp", input: made }] }
  },
})

/** A login is made at a terminal or a browser of the person's: never by what a session is told to do. */
function inTerminal(verb: "login" | "logout", { name }: McpServerInfo): string {
  const after = verb === "login" ? " The next call of it here is made with that." : ""
  return `In a terminal: skein mcp ${verb} ${name}.${after}`
}

const DONE: Readonly<Record<McpAction, string>> = {
  connect: "runs",
  disconnect: "is ended, until it is needed again",
  reconnect: "was started anew",
  enable: "is on",
  disable: "is off for this session",
}

async function control(action: McpAction, name: string, world: CommandWorld): Promise<CommandReply> {
  const { sessionId } = world
  const { name: server } = await serverNamed(name, world)
  const done = `${server} ${DONE[action]}.`
  return { kind: "ops", ops: [{ type: "mcp.control", sessionId, server, action }], done }
}

async function serverNamed(name: string, { ask, sessionId }: CommandWorld): Promise<McpServerInfo> {
  const servers = await ask({ type: "mcp.servers", sessionId })
  const server = servers.find((one) => one.name === name.trim())
  if (server !== undefined) return server
  const names = servers.map((one) => one.name).join(", ")
  throw new SkeinError(
    "op.invalid",
    `There is no MCP server ${JSON.stringify(name)}. ${names === "" ? NONE : `There are ${names}.`}`,
  )
}

const NONE = "None is configured here: skein mcp add <name> -- <command>"

/** What is chosen is done: its tools are shown, or it is started or turned on. */
async function list({ ask, sessionId }: CommandWorld): Promise<CommandReply> {
  const servers = await ask({ type: "mcp.servers", sessionId })
  if (servers.length === 0) return { kind: "show", text: NONE }
  const choices = servers.map((server) => ({
    label: server.name,
    detail: detailOf(server),
    command: `mcp ${next(server)} ${server.name}`,
  }))
  return { kind: "choose", title: "MCP servers", choices }
}

function detailOf({ state, tools, contextTokens, message, scope }: McpServerInfo): string {
  const told = [
    state,
    ...(tools.length === 0 ? [] : [tools.length === 1 ? "1 tool" : `${tools.length} tools`]),
    ...(contextTokens === 0 ? [] : [`about ${contextTokens} tokens`]),
    scope,
  ].join(", ")
  return message === undefined ? told : `${told}: ${message}`
}

function next({ state, tools }: McpServerInfo): string {
  if (state === "disabled") return "enable"
  return state === "connected" || (state === "idle" && tools.length > 0) ? "tools" : "connect"
}

function toolsText({ name, tools, message, state }: McpServerInfo): string {
  if (tools.length === 0)
    return message ?? `${name} is ${state}, and nobody has seen its tools yet: /mcp connect ${name}`
  const rows = tools.map(({ name: tool, description, isEnabled, hasDrifted, isReadOnlyHinted }): [string, string] => {
    const marks = [
      ...(isEnabled ? [] : ["left out"]),
      ...(hasDrifted === true ? ["changed since it was approved"] : []),
      ...(isReadOnlyHinted ? ["says it only reads"] : []),
    ]
    const line = firstOf(description.replace(/\s+/g, " "))
    return [tool, marks.length === 0 ? line : `(${marks.join(", ")}) ${line}`]
  })
  return columns(rows).join("\n")
}

const ABOUT_CHARS_MAX = 100

/** Whole words: one that is cut through reads like a mistake. */
function firstOf(line: string): string {
  if (line.length <= ABOUT_CHARS_MAX) return line
  const space = line.lastIndexOf(" ", ABOUT_CHARS_MAX - 1)
  return `${line.slice(0, space > 0 ? space : ABOUT_CHARS_MAX - 1)}…`
}

/** Throws SkeinError `op.invalid`. */
function inputOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const input = asObject(text.trim() === "" ? {} : JSON.parse(text))
    if (input !== undefined) return input
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new SkeinError("op.invalid", 'The arguments of a tool are a JSON object: /mcp call git log {"branch": "main"}')
}
