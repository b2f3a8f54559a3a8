import { EFFORTS, TIERS } from "./choices.ts"
import type { Immutable } from "./events/define.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** How a provider keeps the beginning of a request, so that the next one like it costs less. */
export interface CacheFacts {
  /** `marks`: up to the marks we set; `key`: by itself, requests of one key together; `prefix`: by itself; `none`. */
  readonly kind: "marks" | "key" | "prefix" | "none"
  /** It is kept at least so long after it was last read; absent when the provider does not say. */
  readonly ttlMs?: number | undefined
  /** Nothing shorter is kept. */
  readonly tokensMin?: number | undefined
  /** A request of another effort does not find the conversation of the one before. */
  readonly isPerEffort?: boolean | undefined
}

/** Why a request does not begin like the one before it, or why its beginning was not found although it does. */
export const MISS_CAUSES = [
  "model",
  "tools",
  "system",
  "effort",
  "compaction",
  "rewind",
  "history",
  "idle",
  "unknown",
] as const
export type MissCause = (typeof MISS_CAUSES)[number]

/** One cause, with what changed where that can be said in a few words. */
export interface CacheBreak {
  readonly cause: MissCause
  readonly detail?: string | undefined
}
export const CacheBreak = lazy(() => z.object({ cause: z.enum(MISS_CAUSES), detail: z.string().optional() }))

/** Tokens that the request before held, and that were read anew all the same. */
export interface CacheMiss extends CacheBreak {
  readonly tokens: number
}
export const CacheMiss = lazy(() =>
  z.object({ cause: z.enum(MISS_CAUSES), detail: z.string().optional(), tokens: z.number() }),
)

/** Fingerprints of what a request holds, in the order in which providers read it: equal ones are equal bytes. */
export const PrefixPrint = lazy(() =>
  z.object({
    tools: z.string(),
    system: z.string(),
    /** Of the conversation, after so many of its pieces. */
    history: z.string(),
    pieces: z.number(),
  }),
)
export interface PrefixPrint {
  readonly tools: string
  readonly system: string
  readonly history: string
  readonly pieces: number
}

/** What somebody is about to do to a session. */
export const CacheChange = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("settings"),
      model: z.string().optional(),
      tier: z.enum(TIERS).optional(),
      effort: z.enum(EFFORTS).nullable().optional(),
    }),
    z.object({ kind: z.literal("tools") }),
    z.object({ kind: z.literal("compaction") }),
  ]),
)
export type CacheChange = Immutable<z.infer<ReturnType<typeof CacheChange>>>

/** What the provider would read anew because of it. */
export interface CacheForecast {
  readonly tokens: number
  /** Of those tokens; absent when the price is not known. */
  readonly microUsd?: number | undefined
}

const CAUSE_TEXTS: Readonly<Record<MissCause, string>> = {
  model: "another model",
  tools: "the tools changed",
  system: "the instructions changed",
  effort: "another effort",
  compaction: "older context was let go",
  rewind: "a rewind",
  history: "the conversation changed",
  idle: "idle for longer than the provider keeps it",
  unknown: "the provider no longer had it",
}

/** In a few words, for a person: `another model: a instead of b`. */
export function breakText({ cause, detail }: CacheBreak): string {
  return detail === undefined ? CAUSE_TEXTS[cause] : `${CAUSE_TEXTS[cause]}: ${detail}`
}
