/** What a host can hand over that nothing here takes yet, by its field and in words. */
export const NOT_YET: readonly (readonly [string, string])[] = [
  ["hooks", "Hooks"],
  ["agents", "Agents"],
  ["mcpServers", "MCP servers"],
  ["plugins", "Plugins"],
]
