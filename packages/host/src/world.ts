import type { ClockPort, RandomPort, TokensPort } from "@skein/core/ports"
import type { Id, IdPrefix } from "@skein/protocol"

/** The machine's own time. */
export const systemClock: ClockPort = {
  now: () => Date.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop)
        resolve()
      }, ms)
      signal?.addEventListener("abort", stop, { once: true })
    })
  },
}

export const systemRandom: RandomPort = {
  id<const P extends IdPrefix>(prefix: P): Id<P> {
    return `${prefix}_${Bun.randomUUIDv7()}`
  },
  fraction: () => Math.random(),
}

/** Three and a half characters to a token errs high for English and code; no tokenizer is worth its start-up time here. */
export const estimatedTokens: TokensPort = { estimate: (text) => Math.ceil(text.length / 3.5) }

/** Their midnight. */
export function localDayStart(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

/** `2026-03-09`, where the person is. */
export function localDay(ms: number): string {
  const date = new Date(ms)
  const two = (part: number) => String(part).padStart(2, "0")
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
