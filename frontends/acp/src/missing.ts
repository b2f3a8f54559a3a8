import { realFolder } from "./folder.ts"

/** Of what a client asked for, the servers that the session goes on without. */
export function missingServers(mcpServers: readonly { readonly name: string }[]): readonly string[] {
  if (mcpServers.length === 0) return []
  const names = mcpServers.map(({ name }) => name).join(", ")
  return [`MCP servers are not supported yet; the session goes on without ${names}.`]
}

/** A session stays in the folder it was made for. */
export function otherFolder(own: string, asked: string): readonly string[] {
  return realFolder(own) === realFolder(asked) ? [] : [`This session works in ${own}, not in ${asked}.`]
}
