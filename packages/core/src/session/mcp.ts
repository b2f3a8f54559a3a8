import type { McpServerInfo, Op, Receipt } from "@skein/protocol"
import type { Place } from "../ports/index.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ClientQuestion } from "../turn/ports.ts"
import type { Accepting } from "./accepting.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"

type McpPorts = Pick<EnginePorts, "mcp">

/** The MCP servers of a place; none where nobody speaks to any. */
export async function mcpServers(place: Place, { mcp }: McpPorts): Promise<readonly McpServerInfo[]> {
  return (await mcp?.servers(place)) ?? []
}

/** What a request tells of each, where it tells of some. */
export async function serverTokens(place: Place, ports: McpPorts): Promise<{ name: string; tokens: number }[]> {
  const servers = await mcpServers(place, ports)
  return servers.flatMap(({ name, contextTokens }) => (contextTokens > 0 ? [{ name, tokens: contextTokens }] : []))
}

/** How a session does what is asked of its servers. */
interface McpParts {
  readonly state: SessionState
  readonly ports: McpPorts
  readonly accepting: Accepting
  readonly turns: { askClient(question: ClientQuestion): Promise<unknown> }
}

/** A server that lives in a client answers long before: its own times for starting and calls are shorter. */
const CLIENT_DEADLINE_MS = 600_000

/** Taken when it is done. Rejects with SkeinError. */
export async function performMcpOp(op: Op<"mcp.control" | "mcp.bring">, parts: McpParts): Promise<Receipt> {
  const { state, accepting, turns } = parts
  const { mcp } = parts.ports
  if (mcp === undefined) return rejected("op.unsupported", "There are no MCP servers here.")
  if (op.type === "mcp.bring") {
    // Whoever waits gives up by a message of its own, which is passed on like all others.
    const { signal } = new AbortController()
    const asked = { kind: "mcp", deadlineMs: CLIENT_DEADLINE_MS, signal } as const
    await mcp.bring(op.sessionId, op.servers, (payload) => turns.askClient({ ...asked, payload }))
  } else await mcp.control(op.server, op.action, placeOf(state))
  return accepting.note(op.opId)
}
