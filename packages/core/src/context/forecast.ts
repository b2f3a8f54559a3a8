import { type CacheChange, type CacheForecast, type Effort, type ModelInfo, ratesFor } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"

/** A change, with the model and effort that it comes down to. */
export type MeantChange = Exclude<CacheChange, { kind: "settings" }> | MeantSettings
interface MeantSettings {
  readonly kind: "settings"
  readonly model: string
  readonly effort: Effort | undefined
}

interface ForecastFacts {
  readonly now: number
  /** Of the model that is asked now, and of the one that would be. */
  readonly info: ModelInfo | undefined
  readonly nextInfo: ModelInfo | undefined
  /** What the next request would hold, as things are. */
  readonly contextTokens: number
  /** What it would hold of a conversation that was compacted. */
  readonly compactedTokens: () => number
}

/**
 * What a change makes the provider read anew that it has now. Undefined where it has nothing: nothing was sent yet, it keeps
 * nothing, or what it kept is old.
 */
export function forecastOf(
  { cache: { sent } }: SessionState,
  change: MeantChange,
  { now, info, nextInfo, contextTokens, compactedTokens }: ForecastFacts,
): CacheForecast | undefined {
  const kept = info?.cache
  if (sent === undefined || kept === undefined || kept.kind === "none") return undefined
  if (kept.ttlMs !== undefined && now - sent.endedAt > kept.ttlMs) return undefined
  if (change.kind === "settings" && !isBreaking(change, sent, kept.isPerEffort === true)) return undefined
  const tokens = change.kind === "compaction" ? compactedTokens() : contextTokens
  if (tokens < (kept.tokensMin ?? TOKENS_MIN)) return undefined
  const price = nextInfo?.price
  if (price === undefined) return { tokens }
  const rates = ratesFor(price, tokens)
  const isLong = (nextInfo?.cache?.ttlMs ?? 0) >= HOUR_MS
  const writing = (isLong ? rates.cacheWriteLong : undefined) ?? rates.cacheWrite ?? rates.input
  return { tokens, microUsd: Math.round(tokens * writing) }
}

/** What is kept for so long is written at another rate. */
const HOUR_MS = 3_600_000

/** Not worth a word. */
const TOKENS_MIN = 1_024

function isBreaking(next: MeantSettings, sent: { model: string; effort: Effort | undefined }, isPerEffort: boolean) {
  return next.model !== sent.model || (isPerEffort && next.effort !== sent.effort)
}
