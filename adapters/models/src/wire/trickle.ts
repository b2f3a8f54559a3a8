import type { ClockPort } from "@skein/core/ports"

/** Lets small pieces gather that come one after the other. */
export interface Trickle {
  /** Before the next read: undefined where nothing is to be gathered. Rejects with the signal's reason. */
  gather(signal: AbortSignal): Promise<void> | undefined
  /** So many bytes were read. */
  took(bytes: number): void
}

/** Smaller than a token or two is never; larger, and there is more behind it. */
const SMALL_BYTES = 2_048
/** So many small ones in a row are an answer that streams, and not a short one in a few packets: that is never held up. */
const IN_A_ROW = 16
/** Less than the eye sees, and enough for several tokens: what comes with each read is done for all of them once. */
const GATHER_MS = 30

/** A model says a token every few milliseconds, each in a packet of its own. */
export function trickle(clock: Pick<ClockPort, "now" | "sleep">): Trickle {
  let inARow = 0
  let readAt = 0
  return {
    gather(signal) {
      if (inARow < IN_A_ROW) return undefined
      const leftMs = readAt + GATHER_MS - clock.now()
      // A clock that was set back holds nothing up.
      return leftMs > 0 && leftMs <= GATHER_MS ? clock.sleep(leftMs, signal) : undefined
    },
    took(bytes) {
      inARow = bytes < SMALL_BYTES ? inARow + 1 : 0
      readAt = clock.now()
    },
  }
}
