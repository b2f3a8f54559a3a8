import type { ClockPort, RandomPort, TokensPort } from "@skein/core/ports"
import type { Id, IdPrefix } from "@skein/protocol"

export interface FakeClock extends ClockPort {
  /** Time passes: every sleep that ends by then ends. */
  advance(ms: number): void
  /** The sleeps under way, in milliseconds from now. */
  readonly sleeping: readonly number[]
}

/** A clock that stands still until it is told otherwise; with `isFast`, every sleep ends at once and time jumps there. */
export function fakeClock({ isFast = false, startMs = 1_000_000 } = {}): FakeClock {
  let now = startMs
  let sleepers: { readonly at: number; wake(): void }[] = []
  const wakeDue = () => {
    const due = sleepers.filter((sleeper) => sleeper.at <= now)
    sleepers = sleepers.filter((sleeper) => sleeper.at > now)
    for (const sleeper of due) sleeper.wake()
  }
  return {
    now: () => now,
    advance(ms) {
      now += ms
      wakeDue()
    },
    get sleeping() {
      return sleepers.map((sleeper) => sleeper.at - now)
    },
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (isFast && ms < 60_000) {
        now += Math.max(ms, 0)
        return Promise.resolve()
      }
      if (ms <= 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.push(sleeper)
        const stop = () => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          reject(signal?.reason)
        }
        signal?.addEventListener("abort", stop, { once: true })
      })
    },
  }
}

/** Ids that count: `itm_1`, `itm_2` …, from after `after`; chance that is always one half. */
export function countingRandom(after = 0): RandomPort {
  const counts = new Map<string, number>()
  return {
    id<const P extends IdPrefix>(prefix: P): Id<P> {
      const count = (counts.get(prefix) ?? after) + 1
      counts.set(prefix, count)
      return `${prefix}_${count}`
    },
    fraction: () => 0.5,
  }
}

export const quarterTokens: TokensPort = { estimate: (text) => Math.ceil(text.length / 4) }
