import type { Engine, McpServerInfo, McpServerState, SessionId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"

/** The MCP servers of a session as a host is told of them. */
export async function serverLines(engine: Engine, sessionId: SessionId): Promise<readonly Json[]> {
  return (await engine.ask({ type: "mcp.servers", sessionId })).map(serverLine)
}

function serverLine({ name, state, message, title, version, tools, scope }: McpServerInfo): Json {
  return {
    ...{ name, status: STATUSES[state], scope },
    ...(message === undefined ? {} : { error: message }),
    ...(title === undefined ? {} : { serverInfo: { name: title, version: version ?? "" } }),
    tools: tools
      .filter(({ isEnabled }) => isEnabled)
      .map((tool) => ({ name: tool.name, description: tool.description })),
  }
}

/** One that is started when it is first needed is pending until then. */
const STATUSES: Readonly<Record<McpServerState, string>> = {
  idle: "pending",
  connecting: "pending",
  reconnecting: "pending",
  connected: "connected",
  login: "needs-auth",
  untrusted: "disabled",
  disabled: "disabled",
  failed: "failed",
}
