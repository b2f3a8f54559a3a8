/** A plugin that is enabled where a session works. */
export interface PluginInfo {
  readonly name: string
  readonly version?: string | undefined
  /** Where its files lie; absolute. */
  readonly folder: string
  /** What kinds of parts it brings. */
  readonly brings: readonly PluginPartKind[]
}

export const PLUGIN_PART_KINDS = [
  "skills",
  "commands",
  "agents",
  "outputStyles",
  "hooks",
  "mcpServers",
  "extensions",
] as const
export type PluginPartKind = (typeof PLUGIN_PART_KINDS)[number]
