import type { Place } from "./place.ts"

/** What plugins bring: folders and files of the same kinds that a project or a person's own folders have. */
export interface PluginsPort {
  /** Those that are enabled here, sorted by name. A plugin of the folder itself is among them only while it is trusted. Never throws for a plugin that cannot be read: it is left out and told. */
  enabled(place: Place): Promise<readonly PluginParts[]>
}

/** All paths are absolute, resolved, and within `root`. */
export interface PluginParts {
  readonly name: string
  readonly version?: string | undefined
  readonly root: string
  /** What it may keep and write: beside the person's data. */
  readonly dataFolder: string
  /** Folders that hold folders with a SKILL.md, or are one. */
  readonly skills: readonly string[]
  /** Folders of Markdown files, or single ones. Their commands are called `plugin:name`. */
  readonly commands: readonly string[]
  readonly agents: readonly string[]
  readonly outputStyles: readonly string[]
  /** Files of hooks, or the value that stands in the manifest. */
  readonly hooks: readonly PluginValue[]
  /** Files as `.mcp.json`, or the value that stands in the manifest: servers by name. */
  readonly mcpServers: readonly PluginValue[]
  /** TypeScript modules of skein's own extension API. */
  readonly extensions: readonly PluginExtension[]
}

export type PluginValue = { readonly file: string } | { readonly file: string; readonly value: unknown }

export interface PluginExtension {
  readonly file: string
  /** What the person agreed that it may reach. */
  readonly network: readonly string[]
  readonly canWriteWorkspace: boolean
}
