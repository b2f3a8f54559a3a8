import type { ClockPort } from "../ports/index.ts"

/** Whoever promised to stop at a signal is given this long to do it before it is left behind. */
const STOP_GRACE_MS = 120

/**
 * The work's own end, or the signal's reason soon after the abort, whatever the work then still does: an adapter that
 * breaks its promise to stop keeps nobody waiting.
 */
export function orLeave<T>(work: Promise<T>, signal: AbortSignal, clock: ClockPort): Promise<T> {
  return new Promise((resolve, reject) => {
    let over: AbortController | undefined
    const leave = () => {
      over = new AbortController()
      clock.sleep(STOP_GRACE_MS, over.signal).then(
        () => reject(signal.reason),
        () => undefined,
      )
    }
    if (signal.aborted) leave()
    else signal.addEventListener("abort", leave, { once: true })
    const end = () => {
      signal.removeEventListener("abort", leave)
      over?.abort()
    }
    work.then(resolve, reject).finally(end)
  })
}
