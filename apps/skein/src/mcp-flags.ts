import type { Flag } from "./flags.ts"

/** Servers of this run alone. */
export const MCP_FLAGS: readonly Flag[] = [
  {
    name: "mcp-config",
    kind: "list",
    value: "json|file",
    summary: "MCP servers of this run: JSON as in .mcp.json, or a file of it",
  },
  { name: "strict-mcp-config", kind: "boolean", summary: "No MCP servers but those of --mcp-config" },
]
