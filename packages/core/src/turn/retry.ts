import type { ErrorCode, SkeinError } from "@skein/protocol"

export interface RetryPolicy {
  /** Attempts of one step, the first included. */
  readonly attemptsMax: number
  readonly baseMs: number
  readonly delayMsMax: number
  /** The longest wait a provider may ask for; beyond it the error is shown instead. */
  readonly retryAfterMsMax: number
}

export const DEFAULT_RETRY: RetryPolicy = {
  attemptsMax: 7,
  baseMs: 250,
  delayMsMax: 20_000,
  retryAfterMsMax: 60_000,
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  // A login whose server is away for a moment.
  "login.unavailable",
  "provider.rate_limited",
  "provider.usage_limit",
  "provider.overloaded",
  "provider.unavailable",
  "provider.not_running",
  "provider.stream_cut",
  "provider.idle",
  "provider.protocol",
])

/** The adapter found something to change in the request and bounds by itself how often; this only keeps it from for ever. */
const QUIRK_ATTEMPTS_MAX = 16

/**
 * A reply that made no sense may be chance once or twice; after that it is how this server answers. A server of this machine
 * that nobody started is not there in a moment either, unless it is just being begun anew.
 */
const FEW_ATTEMPTS: ReadonlySet<ErrorCode> = new Set(["provider.protocol", "provider.not_running"])
const FEW_ATTEMPTS_MAX = 3

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there is to be none.
 * Exponential from `baseMs`, with up to half of it taken off by chance so that many clients do not come back at once;
 * never less than what the provider asked for.
 */
export function retryDelay(
  error: SkeinError,
  attempt: number,
  fraction: number,
  policy: RetryPolicy = DEFAULT_RETRY,
): number | undefined {
  // Another request than the one that was refused: nothing has to pass first.
  if (error.code === "provider.quirk_found") return attempt < QUIRK_ATTEMPTS_MAX ? 0 : undefined
  // So is one with a login that was renewed; whoever keeps it says `provider.auth` when that did not help.
  const isOther = error.code === "provider.stored_lost" || error.code === "provider.token_expired"
  if (isOther) return attempt < policy.attemptsMax ? 0 : undefined
  const attemptsMax = FEW_ATTEMPTS.has(error.code) ? Math.min(FEW_ATTEMPTS_MAX, policy.attemptsMax) : policy.attemptsMax
  if (!RETRYABLE.has(error.code) || attempt >= attemptsMax) return undefined
  const asked = error.retryAfterMs ?? 0
  if (asked > policy.retryAfterMsMax) return undefined
  const full = Math.min(policy.baseMs * 2 ** (attempt - 1), policy.delayMsMax)
  return Math.round(Math.max(full * (1 - fraction / 2), asked))
}

const LIMITS: ReadonlySet<ErrorCode> = new Set([
  "provider.rate_limited",
  "provider.usage_limit",
  "provider.overloaded",
  "provider.unavailable",
])

/** How long the provider's limit lasts, in milliseconds, where it is longer than is waited for without a word. */
export function limitLeft({ code, retryAfterMs }: SkeinError, policy: RetryPolicy = DEFAULT_RETRY): number | undefined {
  const isLong = retryAfterMs !== undefined && retryAfterMs > policy.retryAfterMsMax
  return isLong && LIMITS.has(code) ? retryAfterMs : undefined
}
