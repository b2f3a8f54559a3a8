import type { HookEvent, HookPoint } from "@skein/core/ports"
import type { Json } from "@skein/protocol/json"

/** Whose words a file of hooks is written in. */
export type DialectId = "claude" | "codex" | "skein"

/** What one program promises the hooks of its files. All differences between them are here. */
export interface Dialect {
  /** For a person: "Claude Code". */
  readonly title: string
  /** What a hook of this point may take; `seconds` where its file says. */
  timeoutMs(event: HookEvent, seconds: number | undefined): number
  /** Why this matches nothing, in a sentence. */
  matcherFlaw(matcher: string): string | undefined
  /** Whether a matcher means one of these words. */
  matches(matcher: string, words: readonly string[]): boolean
  /** What a matcher is compared with at this point; empty where it has no say. */
  subjects(point: HookPoint): readonly string[]
  /** What a hook reads from its stdin: once for each, where what is one call here is several there. */
  payloads(point: HookPoint): readonly Json[]
  /** Arguments that a hook of this point put in the place of a call's, as skein's tool takes them. */
  inputOf(point: HookPoint, words: Json): Rewritten
}

/** `refused`: it cannot be said to that tool; why, in a sentence. */
export type Rewritten =
  | { readonly kind: "input"; readonly input: Json }
  | { readonly kind: "refused"; readonly why: string }

/** The call that a point is about; undefined at the others. */
export function callOf(
  point: HookPoint,
): { readonly toolName: string; readonly callId: string; readonly input: unknown } | undefined {
  return "toolName" in point ? point : undefined
}
