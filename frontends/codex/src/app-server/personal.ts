import type { McpServerInfo } from "@skein/protocol"

/** What belongs to the person and to no thread. Paths are absolute; what cannot be done is thrown as an Error with a sentence for the client. */
export interface Personal {
  readonly settings: PersonalSettings
  readonly servers: PersonalServers
  readonly plugins: PersonalPlugins
  readonly keys: PersonalKeys
  /** A text as it may be shown and kept: secrets taken out. */
  redact(text: string): string
  /** Writes a file that is not there yet. */
  writeNew(path: string, text: string): Promise<void>
  /** What other programs left of their settings here and in these folders. */
  foreign(folders: readonly string[], includesHome: boolean): Promise<readonly ForeignPart[]>
  /** What this program is called by: the machine's name, and an id that stays the same. */
  readonly installation: { readonly name: string; readonly id: string }
}

export interface SettingRow {
  /** As skein's settings call it: `web_search`, `limits.steps`. */
  readonly key: string
  readonly value: unknown
  readonly layer: "defaults" | "user" | "project" | "session"
  readonly file?: string | undefined
}

export interface PersonalSettings {
  /** What holds in a folder, and who said so. No secret is in it. */
  rows(cwd: string): readonly SettingRow[]
  /** The person's own file, and the SHA-256 of what stands in it. */
  file(): { readonly path: string; readonly sha256: string }
  /** Changes it in place, comments and order kept. `table` is empty for a key of none. */
  keep(table: string, key: string, value: string | readonly string[]): void
}

export interface PersonalServers {
  /** Those of a folder. Starts none. */
  list(cwd: string): Promise<readonly McpServerInfo[]>
  /** The same server once it is started, or why it cannot be. */
  connected(cwd: string, name: string): Promise<McpServerInfo>
  /** How it stands with the login to it: `none` also where it wants none. */
  login(cwd: string, name: string): Promise<"login" | "ended" | "none" | "token">
  /** Begins a login by a page; resolves once its address is known. */
  begin(
    cwd: string,
    name: string,
    scopes: readonly string[],
  ): Promise<{ readonly url: string; readonly over: Promise<void> }>
}

export interface PluginRow {
  readonly name: string
  readonly version?: string | undefined
  readonly description?: string | undefined
  /** In words that install it again. */
  readonly source: string
  readonly root: string
  readonly isEnabled: boolean
  /** Not skein's own: the program that installed it. */
  readonly by: string
  readonly parts: readonly { readonly kind: string; readonly name: string; readonly does?: string | undefined }[]
}

export interface OfferedPlugin {
  readonly name: string
  readonly market: string
  readonly version?: string | undefined
  readonly description?: string | undefined
}

export interface PersonalPlugins {
  installed(): Promise<readonly PluginRow[]>
  markets(): Promise<readonly { readonly name: string; readonly source: string; readonly folder: string }[]>
  /** What marketplaces offer, and what is wrong with some of them. */
  offers(): Promise<{ readonly offers: readonly OfferedPlugin[]; readonly troubles: readonly string[] }>
  /** Only what is signed by somebody the person trusts. */
  install(source: string): Promise<void>
  remove(name: string): Promise<void>
  addMarket(source: string): Promise<{ readonly name: string; readonly folder: string }>
  updateMarket(name: string): Promise<void>
  /** False where there is none of this name. */
  removeMarket(name: string): Promise<boolean>
}

/** Keys of providers. No value ever comes back. */
export interface PersonalKeys {
  /** Keeps a key where programs cannot just read it. */
  keep(provider: string, key: string): Promise<void>
  /** Takes it out of every place it was kept in. */
  drop(provider: string): Promise<void>
}

/** A part of another program's settings that could be taken over. */
export interface ForeignPart {
  readonly kind: "AGENTS_MD" | "CONFIG" | "SKILLS" | "MCP_SERVER_CONFIG" | "SUBAGENTS" | "HOOKS" | "COMMANDS"
  readonly path: string
  /** The folder that it is of; undefined for the home. */
  readonly cwd?: string | undefined
}
