import type { McpServerSpec } from "@skein/protocol"
import type { ClientServer } from "./params.ts"

/** The MCP servers of a client, in the words of the engine. */
export function serverSpecs(servers: readonly ClientServer[]): McpServerSpec[] {
  return servers.map((server) => {
    if ("url" in server) {
      const { name, type, url, headers } = server
      return { name, transport: { kind: type, url, headers } }
    }
    const { name, command, args, env } = server
    return { name, transport: { kind: "stdio", command, args, env } }
  })
}

/** What a client is told of servers that are not taken. */
export function withoutServers(servers: readonly McpServerSpec[], why: string): readonly string[] {
  if (servers.length === 0) return []
  return [`The session goes on without ${servers.map(({ name }) => name).join(", ")}: ${why}`]
}
