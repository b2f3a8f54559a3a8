import { type ImportedServer, importedServers } from "./config/imported.ts"
import { type ConfiguredOptions, configured } from "./config/read.ts"
import { keptServer } from "./connection/kept-server.ts"
import { type Mcp, mcp } from "./mcp.ts"
import type { McpOptions } from "./provider/options.ts"

/** What servers of this machine need, with where they are configured. */
export type HereOptions = Omit<McpOptions, "keep" | "configured"> & { readonly configuration: ConfiguredOptions }

/** The MCP servers of this machine, and those that are reached from it. */
export function mcpHere({ configuration, ...options }: HereOptions): McpHere {
  const here = mcp({ ...options, configured: configured(configuration), keep: keptServer })
  return { ...here, imported: (programs) => importedServers(configuration, programs) }
}

export interface McpHere extends Mcp {
  /** What other programs have of the person's own. */
  imported(programs: readonly string[]): readonly ImportedServer[]
}
