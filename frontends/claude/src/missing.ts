import type { Json } from "@skein/protocol/json"

/** What a host can hand over that nothing here takes yet, by its field and in words. */
export const NOT_YET: readonly (readonly [string, string])[] = [
  ["hooks", "Hooks"],
  ["agents", "Agents"],
  ["sdkMcpServers", "MCP servers"],
  ["mcpServers", "MCP servers"],
  ["plugins", "Plugins"],
]

/** A server of the host, as it is told to stand. */
export function missingServer(name: string): Json {
  return { name, status: "failed", error: "MCP servers are not supported yet." }
}
