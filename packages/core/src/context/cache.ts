import type { CacheBreak, CacheFacts, CacheMiss, Effort, PrefixPrint, Section, Usage } from "@skein/protocol"
import type { ModelPort, ModelRequest } from "../ports/index.ts"
import { nameOf, sentTokens } from "../transcript/cache.ts"
import type { CacheRecord, SentRequest, SessionState } from "../transcript/state.ts"
import { continuedOf } from "./continued.ts"
import { printOf } from "./prefix.ts"
import { factsOf } from "./size.ts"

/** What the next request begins with, and why a provider will not find it, compared with the one before. */
export function beginningOf(state: SessionState, request: ModelRequest, now: number, models: ModelPort) {
  const { model, effort } = request
  const { print, isContinued, messagesBefore } = printOf(request, state.cache.sent?.print)
  const next = { model, effort, print, isContinued, system: state.system, now }
  return {
    print,
    breaks: breaksOf(state.cache, next, factsOf(model, models)?.cache),
    continues: continuedOf(state.cache, request, messagesBefore),
  }
}

interface Next {
  readonly model: string
  readonly effort: Effort | undefined
  readonly print: PrefixPrint
  readonly isContinued: boolean
  readonly system: readonly Section[]
  readonly now: number
}

/** Why the next request will not be found in the provider's cache, strongest first. */
export function breaksOf({ sent, changes }: CacheRecord, next: Next, facts: CacheFacts | undefined): CacheBreak[] {
  if (sent === undefined) return []
  const breaks: CacheBreak[] = []
  if (sent.model !== next.model) breaks.push({ cause: "model", detail: `${next.model} instead of ${sent.model}` })
  if (sent.print.tools !== next.print.tools) breaks.push({ cause: "tools" })
  if (sent.print.system !== next.print.system) breaks.push({ cause: "system", ...changedSections(sent, next) })
  if (facts?.isPerEffort === true && sent.effort !== next.effort) {
    breaks.push({
      cause: "effort",
      detail: `${next.effort ?? "the model's own"} instead of ${sent.effort ?? "its own"}`,
    })
  }
  if (!next.isContinued) breaks.push({ cause: changes.at(-1) ?? "history" })
  const idleMs = next.now - sent.endedAt
  if (facts?.ttlMs !== undefined && idleMs > facts.ttlMs) {
    breaks.push({ cause: "idle", detail: `${minutes(idleMs)} min, kept for ${minutes(facts.ttlMs)}` })
  }
  return breaks
}

function minutes(ms: number): number {
  return Math.round(ms / 60_000)
}

/** Enough to find them by: there can be many. */
const SECTIONS_MAX = 3

function changedSections({ sections }: SentRequest, { system }: Next): { detail?: string } {
  const before = new Set(sections.map(({ sha256 }) => sha256))
  const now = new Set(system.map(({ sha256 }) => sha256))
  const names = [
    ...system.filter(({ sha256 }) => !before.has(sha256)).map(nameOf),
    ...sections.filter(({ sha256 }) => !now.has(sha256)).map(({ name }) => name),
  ]
  const changed = [...new Set(names)]
  const more = changed.length > SECTIONS_MAX ? ` and ${changed.length - SECTIONS_MAX} more` : ""
  return changed.length === 0 ? {} : { detail: changed.slice(0, SECTIONS_MAX).join(", ") + more }
}

/**
 * What of the request before it a request could have read from the cache, and did not: undefined when that is less than
 * half, when it was too short to be kept, or when nothing is known of the provider's cache.
 */
export function missOf(
  { sent }: CacheRecord,
  breaks: readonly CacheBreak[],
  usage: Usage,
  facts: CacheFacts | undefined,
): CacheMiss | undefined {
  if (sent === undefined || facts === undefined || facts.kind === "none" || usage.isEstimated === true) return undefined
  const couldRead = Math.min(sent.tokens, sentTokens(usage))
  if (couldRead < (facts.tokensMin ?? TOKENS_MIN) || usage.cacheRead >= couldRead / 2) return undefined
  const [first = { cause: "unknown" as const }] = breaks
  return { ...first, tokens: couldRead - usage.cacheRead }
}

/** Below this no provider is known to keep anything that is worth its asking. */
const TOKENS_MIN = 1_024
