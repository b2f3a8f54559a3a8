import type { SecretSource } from "../store.ts"
import type { Fetch } from "../vault/vault.ts"
import type { KeptLogins } from "./kept.ts"

/** What a way of logging in stands on. */
export interface Ground {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** skein's own folder, for what is no secret. */
  readonly dataDir: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The way to identity servers: recorded, through the person's proxy and with their certificates. */
  readonly fetch: Fetch
  readonly kept: KeptLogins
  /** Whether the person lets secrets come from there. */
  readonly isAllowed: (source: SecretSource) => boolean
}

/** A variable that says something. */
export function said(env: Ground["env"], ...names: readonly string[]): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== "")
}
