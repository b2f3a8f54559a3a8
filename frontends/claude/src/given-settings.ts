import type { Rule, SettingsChange } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { PermissionMode } from "./words.ts"

/** Settings of the contract's own files, as `--settings` and a running host give them, in our words. */
export interface FlagSettings {
  readonly changes: SettingsChange
  /** As the host calls it. */
  readonly model?: string | undefined
  readonly rules: readonly Rule[]
  readonly mode?: PermissionMode | undefined
  /** For the programs that tools start. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Hooks that run commands, as a file of settings sets them. */
  readonly hooks?: Json | undefined
  /** Sentences about what cannot be said in ours. */
  readonly unsupported: readonly string[]
}
