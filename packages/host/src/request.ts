import type { Rule, SettingsChange } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"

/** What a host is started with: the process it runs in and what its command line says. */
export interface HostRequest {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute, as the process has it. */
  readonly cwd: string
  readonly home: string
  readonly version: string
  /** Configuration under the keys of its table: what flags say. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined
  /** `key=value` of each `-c`. */
  readonly overrides?: readonly string[] | undefined
  readonly profile?: string | undefined
  readonly permissionProfile?: string | undefined
  readonly settingsFile?: string | undefined
  readonly isIgnoringUserConfig?: boolean | undefined
  /** What another program's file says, under the keys of the configuration: below everything but the defaults. */
  readonly beneath?: { readonly file: string; readonly tree: Readonly<Record<string, unknown>> } | undefined
  /** Leaves Codex's `*.rules` files unread. */
  readonly isIgnoringRulesFiles?: boolean | undefined
  /** Stands in for a value that no layer but the defaults gives: a verb's own defaults. */
  readonly fallback?: Pick<SettingsChange, "mode" | "sandbox"> | undefined
  /** The person said that commands may run without a sandbox. */
  readonly consent?: "no-sandbox" | undefined
  readonly apiKeyFile?: string | undefined
  /** Told of what a person should know and what was found out after `Host.warnings` was read: where a key came from. */
  readonly onLateWarning?: ((sentence: string) => void) | undefined
  readonly tape?: TapeRequest | undefined
  /**
   * Sessions and outputs of this host go when it closes: they are in a folder of their own, which it removes. A kept
   * session is gone on with in a copy there.
   */
  readonly isEphemeral?: boolean | undefined
  /** Rules of this run alone. */
  readonly rules?: readonly Rule[] | undefined
  /** Stands for skein's own system prompt, or follows it; read when a session's context is gathered. */
  readonly instructions?: { readonly text?: string | undefined; readonly append?: string | undefined } | undefined
  /** False leaves the project's instruction files unread. */
  readonly isLoadingProjectFiles?: boolean | undefined
  /** What a client hands over after the host was made and before its first session: read when it is needed. */
  readonly given?: ClientGiven | undefined
  /** Hooks of this run, as a file of Claude Code's settings sets them: the person's own. */
  readonly hooks?: Json | undefined
  /** Folders of plugins for this run; absolute. */
  readonly pluginDirs?: readonly string[] | undefined
  /** Servers of this run: texts of JSON, or files; `isStrict`: no others. */
  readonly mcp?:
    | {
        readonly configs: readonly string[]
        readonly isStrict: boolean
        /** Told of all that goes to servers and comes from them. Secrets are in it. */
        readonly onMessage?: OnMcpMessage | undefined
      }
    | undefined
  /** The person said that folders are trusted in this run. */
  readonly isTrusting?: boolean | undefined
  /** The person said that hooks of projects run in this run, whether or not they are trusted. */
  readonly isTrustingHooks?: boolean | undefined
}

export type TapeRequest =
  | { readonly kind: "record"; readonly file: string; readonly source: "live" | "scripted"; readonly label: string }
  | { readonly kind: "replay"; readonly file: string }
  /** A cassette that travels with the program; with `isLive`, it streams at the pace it was recorded. */
  | { readonly kind: "inline"; readonly text: string; readonly isLive: boolean }

export type OnMcpMessage = (direction: "sent" | "received" | "stderr", text: string) => void

export interface ClientGiven {
  /** Agents by their names, as the Claude Agent SDK defines them: the person's own. */
  readonly agents?: Json | undefined
  /** Folders of plugins, absolute; beside those of the request. */
  readonly pluginDirs?: readonly string[] | undefined
  /** The only skills there are, by name. */
  readonly skills?: readonly string[] | undefined
}
