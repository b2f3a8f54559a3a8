import type { ClockPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

/** Notices silence. */
export interface Watchdog {
  /** From now on this much silence is too much. */
  limit(ms: number): void
  /** Something came. */
  touch(): void
  stop(): void
}

/** Why a sleep ended early. Given, because the platform's own reason is an error with a stack, dear for every request. */
const STOPPED = "stopped"

/** Silence is counted in parts of its limit, so it is noticed at most this part of it late. */
const PARTS = 8

/**
 * One sleep at a time, however often it is touched: a long stream pays nothing per read. It counts what it slept and asks
 * nobody for the time, which may be set forward or back while it waits.
 */
export function watchdog(clock: Pick<ClockPort, "sleep">, onExpired: (limitMs: number) => void): Watchdog {
  let stop = new AbortController()
  let silentParts = 0
  let limitMs = 0

  async function watch(signal: AbortSignal): Promise<void> {
    while (silentParts < PARTS) {
      silentParts++
      await clock.sleep(limitMs / PARTS, signal)
    }
    if (!signal.aborted) onExpired(limitMs)
  }

  return {
    limit(ms) {
      silentParts = 0
      // The sleep under way serves a longer limit too: it only ends sooner than it might.
      const isUnderWay = limitMs > 0 && ms >= limitMs
      limitMs = ms
      if (isUnderWay) return
      stop.abort(STOPPED)
      stop = new AbortController()
      // It rejects only when it is stopped.
      watch(stop.signal).catch(() => undefined)
    },
    touch() {
      silentParts = 0
    },
    stop: () => stop.abort(STOPPED),
  }
}

/** Connecting and the answer's headers together, and silence in the stream. */
export interface Limits {
  readonly headersTimeoutMs: number
  readonly idleTimeoutMs: number
}

/** What a person set holds, then what is known of a provider. */
export function limitsOf(
  given: { readonly [K in keyof Limits]?: number | undefined },
  known: { readonly [K in keyof Limits]?: number | undefined } | undefined,
): Limits {
  return {
    headersTimeoutMs: given.headersTimeoutMs ?? known?.headersTimeoutMs ?? 60_000,
    idleTimeoutMs: given.idleTimeoutMs ?? known?.idleTimeoutMs ?? 90_000,
  }
}

export function noAnswer(who: string, limitMs: number): SkeinError {
  const text = `${who} did not begin to answer within ${limitMs / 1000} s. Check the network, or allow more time.`
  return new SkeinError("provider.unavailable", text)
}

export function silent(who: string, limitMs: number): SkeinError {
  const text = `${who} sent nothing for ${limitMs / 1000} s in the middle of the reply. Try again, or allow more time.`
  return new SkeinError("provider.idle", text)
}
