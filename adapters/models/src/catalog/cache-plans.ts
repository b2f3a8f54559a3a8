import type { CacheFacts, Price, Rates } from "@skein/protocol"
import type { Row } from "../providers/row.ts"
import type { OwnRow } from "../providers/user.ts"
import type { WireName } from "../wire/wire.ts"

/** How providers keep the beginning of a request, as their own pages say; what they do not say is absent. */
interface CachePlan extends CacheFacts {
  /** Only these models of the provider; the others keep nothing. */
  readonly models?: RegExp
}

const MINUTE_MS = 60_000

/** Marks that we set, kept for five minutes after the last reading; thinking is part of what is kept. */
const CLAUDE: CachePlan = { kind: "marks", ttlMs: 5 * MINUTE_MS, tokensMin: 1_024, isPerEffort: true }
const CLAUDE_LONG: CachePlan = { ...CLAUDE, ttlMs: 60 * MINUTE_MS }
/** By itself, better found with a key; kept "5 to 10 minutes", and another effort is another beginning. */
const OPENAI: CachePlan = { kind: "key", ttlMs: 5 * MINUTE_MS, tokensMin: 1_024, isPerEffort: true }
/** By itself, for as long as the server sees fit. */
const BY_ITSELF: CachePlan = { kind: "prefix" }

/** By provider, where it is not as its wire has it. */
const BY_PROVIDER: Readonly<Record<string, CachePlan>> = {
  openrouter: { kind: "marks", ttlMs: 5 * MINUTE_MS, tokensMin: 1_024 },
  xai: BY_ITSELF,
  deepseek: { kind: "prefix", tokensMin: 64 },
  moonshot: BY_ITSELF,
  zai: BY_ITSELF,
  groq: BY_ITSELF,
  bedrock: { ...CLAUDE, models: /anthropic\.|amazon\.nova/ },
}

/** By wire: who speaks it keeps requests as its first speaker does. A server that only speaks Chat may keep nothing. */
const BY_WIRE: Readonly<Partial<Record<WireName, CachePlan>>> = {
  "anthropic-messages": CLAUDE,
  "openai-responses": OPENAI,
  "google-gemini": { kind: "prefix", tokensMin: 4_096 },
}

/** What is known of a provider's cache for one of its models; undefined when nothing is. */
export function cacheFactsOf(row: OwnRow, modelId: string): CacheFacts | undefined {
  const plan = hasLongMarks(row) ? CLAUDE_LONG : (BY_PROVIDER[row.id] ?? planOfWire(row))
  if (plan === undefined) return undefined
  const { models, ...facts } = plan
  return models === undefined || models.test(modelId) ? facts : { kind: "none" }
}

/** Whether the person has what is marked kept for an hour. */
export function hasLongMarks(row: OwnRow): boolean {
  return !("package" in row) && row.wire === "anthropic-messages" && row.ownDialect?.cacheTtl === "1h"
}

/** As Anthropic's pages have it: to write for an hour costs twice what is read anew. */
const LONG_WRITE_FACTOR = 2

/** The price with that, where the catalogue has none. */
export function withLongWrites(price: Price): Price {
  const long = <R extends Rates>(rates: R) => ({ cacheWriteLong: rates.input * LONG_WRITE_FACTOR, ...rates })
  return { ...long(price), ...(price.bands === undefined ? {} : { bands: price.bands.map(long) }) }
}

function planOfWire(row: Row): CachePlan | undefined {
  if ("package" in row) return undefined
  const own = row.dialect?.cache
  if (own === "cache_control") return CLAUDE
  if (own === "prompt_cache_key") return OPENAI
  return BY_WIRE[row.wire]
}
