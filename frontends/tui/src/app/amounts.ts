import type { SessionFacts } from "./session-facts.ts"

/** `ctx 31 % (28 cached)`: the share of the model's window, and how much of that the provider's cache held. */
export function contextText(session: SessionFacts | undefined): string | undefined {
  const { contextTokens, contextTokensMax, usage } = session ?? {}
  if (contextTokens === undefined) return undefined
  if (contextTokensMax === undefined) return `ctx ${tokensText(contextTokens)}`
  const share = Math.round((contextTokens / contextTokensMax) * 100)
  const sent = (usage?.input ?? 0) + (usage?.cacheRead ?? 0) + (usage?.cacheWrite ?? 0)
  const cached = sent === 0 ? 0 : Math.round(((usage?.cacheRead ?? 0) / sent) * share)
  return cached > 0 ? `ctx ${share} % (${cached} cached)` : `ctx ${share} %`
}

/** `$0.18`; nothing where nothing was spent, or nobody knows. */
export function moneyText(microUsd: number | undefined): string | undefined {
  if (microUsd === undefined || microUsd === 0) return undefined
  return `$${(microUsd / 1e6).toFixed(microUsd < CENT_MICRO_USD ? 4 : 2)}`
}

const CENT_MICRO_USD = 10_000

export function tokensText(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${(tokens / 1_000).toFixed(1)} k`
}

/** `12 s`, `4 m 02 s` */
export function elapsedText(ms: number): string {
  const seconds = Math.max(Math.floor(ms / 1_000), 0)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`
}

/** `2 h ago`, `yesterday`, `3 d ago` */
export function ageText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return "now"
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ago`
  const days = Math.floor(hours / 24)
  return days === 1 ? "yesterday" : `${days} d ago`
}
