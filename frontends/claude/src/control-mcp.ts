import { type RuleId, type SessionId, SkeinError } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Answers, ControlContext } from "./control-context.ts"
import { hostServers } from "./servers.ts"
import { holdTo } from "./tool-policies.ts"

/** What a host asks of MCP servers. */
export const MCP_ANSWERS: Answers = {
  async mcp_status(_request, context) {
    return { mcpServers: await (await context.session()).readServers() }
  },
  mcp_set_servers: (request, context) => setServers(request.servers, context),
  mcp_reconnect: (request, context) => controlled(request, "reconnect", context),
  mcp_toggle: (request, context) => controlled(request, request.enabled === false ? "disable" : "enable", context),
  /** A server of the host speaks first. What it offers is read anew when that changed; all else needs no answer of ours. */
  async mcp_message(request, context) {
    const message = asObject(request.message) ?? {}
    const server = asText(request.server_name) ?? ""
    const method = asText(message.method) ?? ""
    if (/^notifications\/(tools|prompts|resources)\/list_changed$/.test(method)) {
      await controlled({ serverName: server }, "reconnect", context)
      return {}
    }
    if (message.id === undefined || method === "") return {}
    const error = { code: -32601, message: `${method} is not answered here.` }
    return { mcp_response: { jsonrpc: "2.0", id: message.id, error } }
  },
  /** Every call of a server is asked about again, whatever the mode would let through. `auto` is how it is without it. */
  async set_mcp_permission_mode_override(request, context) {
    const name = asText(request.serverName) ?? ""
    const mode = request.mode
    if (mode !== "default" && mode !== "auto" && mode !== null)
      throw new SkeinError("op.invalid", "The mode of a server is default, auto or null.")
    const { sessionId, submit } = await context.session()
    const tool = `mcp__${name}__*`
    for (const ruleId of await ownRules(tool, sessionId, context)) {
      await submit({ type: "rule.remove", sessionId, ruleId })
    }
    const rule = { tool, decision: "ask", scope: "session", reason: REASON } as const
    if (mode === "default") await submit({ type: "rule.add", sessionId, rule })
    const servers = await context.engine.ask({ type: "mcp.servers", sessionId })
    return servers.some((server) => server.name === name)
      ? {}
      : { warning: `There is no MCP server ${JSON.stringify(name)} now.` }
  },
}

const REASON = "The host wants calls of this server asked about."

async function ownRules(tool: string, sessionId: SessionId, { engine }: ControlContext): Promise<readonly RuleId[]> {
  const rules = await engine.ask({ type: "rules.list", sessionId })
  return rules.flatMap((rule) =>
    rule.id !== undefined && rule.tool === tool && rule.reason === REASON ? [rule.id] : [],
  )
}

async function controlled(
  { serverName }: Json,
  action: "reconnect" | "enable" | "disable",
  context: ControlContext,
): Promise<undefined> {
  const session = await context.session()
  const server = asText(serverName) ?? ""
  await session.submit({ type: "mcp.control", sessionId: session.sessionId, server, action })
  await session.readServers()
  return undefined
}

/** The servers that a host brings from now on; those of its start stay unless one takes their name. */
async function setServers(value: unknown, context: ControlContext): Promise<Json> {
  const session = await context.session()
  const { specs, inHost, rules, unsupported } = hostServers(value)
  const brought = await session.servers()
  const before = new Set(brought.now())
  const named = new Set([...specs.map(({ name }) => name), ...inHost])
  const kept = brought.first.filter(({ name }) => !named.has(name) && !brought.isReplaced(name))
  const stays = new Set(kept.map(({ name }) => name))
  await holdTo(
    rules,
    session,
    [...before].filter((name) => !stays.has(name)),
  )
  await brought.bring([...kept, ...specs], inHost)
  const errors = await brought.connect([...named])
  for (const text of unsupported) context.warn(text)
  await session.readServers()
  const now = new Set(brought.now())
  return {
    added: [...named].filter((name) => !before.has(name)),
    removed: [...before].filter((name) => !now.has(name)),
    errors,
  }
}
