import { asNumber, asObject, asText, type JsonObject } from "./json.ts"

/**
 * How long a provider's limit lasts, in milliseconds and never negative, as its headers say: `retry-after-ms`, then
 * `Retry-After` in seconds or as a date, then what each calls the moment of reset. SEMANTICS 1.5.
 */
export function waitIn(headers: Headers, now: number): number | undefined {
  return retryAfterOf(headers, now) ?? resetOf(headers, now)
}

/** The same of a body: ChatGPT's `resets_in_seconds` and `resets_at`, in seconds. */
export function waitInBody(error: JsonObject, now: number): number | undefined {
  const inSeconds = asNumber(error.resets_in_seconds) ?? asNumber(error.retry_after)
  if (inSeconds !== undefined) return Math.max(0, Math.ceil(inSeconds * 1_000))
  const at = asNumber(error.resets_at)
  const meta = asObject(asObject(error.metadata)?.headers)?.["X-RateLimit-Reset"]
  return at === undefined ? momentIn(asText(meta), now) : momentIn(String(at), now)
}

function retryAfterOf(headers: Headers, now: number): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN)
  if (Number.isFinite(ms)) return Math.max(0, Math.ceil(ms))
  const value = headers.get("retry-after")
  if (value === null || value.trim() === "") return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000))
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** A reset, and what says that it is the one which is waited for: nothing is left, or the request was rejected. */
const RESETS = [
  ["anthropic-ratelimit-unified-reset", "anthropic-ratelimit-unified-status", "rejected"],
  ["anthropic-ratelimit-requests-reset", "anthropic-ratelimit-requests-remaining", "0"],
  ["anthropic-ratelimit-tokens-reset", "anthropic-ratelimit-tokens-remaining", "0"],
  ["anthropic-ratelimit-input-tokens-reset", "anthropic-ratelimit-input-tokens-remaining", "0"],
  ["anthropic-ratelimit-output-tokens-reset", "anthropic-ratelimit-output-tokens-remaining", "0"],
  ["x-ratelimit-reset-requests", "x-ratelimit-remaining-requests", "0"],
  ["x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens", "0"],
  ["x-ratelimit-reset", "x-ratelimit-remaining", "0"],
  ["ratelimit-reset", "ratelimit-remaining", "0"],
  ["x-codex-primary-reset-after-seconds", "x-codex-primary-used-percent", "100"],
  ["x-codex-secondary-reset-after-seconds", "x-codex-secondary-used-percent", "100"],
] as const

function resetOf(headers: Headers, now: number): number | undefined {
  const waits = RESETS.flatMap(([reset, sign, value]) =>
    headers.get(sign)?.trim().replace(/\.0+$/, "") === value ? [momentIn(headers.get(reset) ?? "", now)] : [],
  )
  const known = waits.filter((wait) => wait !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** Beyond this a number is a moment, in seconds since 1970; beyond the other, in milliseconds. */
const EPOCH_S = 1_000_000_000
const EPOCH_MS = 100_000_000_000

/** Seconds from now, a moment since 1970, a date, or a length as Go writes it: `12`, `1765000000`, `6m0s`, `230ms`. */
function momentIn(text: string, now: number): number | undefined {
  const value = text.trim()
  if (value === "") return undefined
  const number = Number(value)
  if (Number.isFinite(number)) {
    if (number >= EPOCH_MS) return Math.max(0, number - now)
    return Math.max(0, Math.ceil(number >= EPOCH_S ? number * 1_000 - now : number * 1_000))
  }
  const parts = [...value.matchAll(/([\d.]+)(ms|d|h|m|s)/g)]
  if (parts.map(([part]) => part).join("") === value)
    return Math.ceil(parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (UNITS_MS[unit] ?? 0), 0))
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
