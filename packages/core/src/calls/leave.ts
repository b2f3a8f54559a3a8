import type { ClockPort } from "../ports/index.ts"

/** Whoever promised to stop at a signal is given this long to do it before it is left behind. */
const STOP_GRACE_MS = 120

/** One piece of work after another under the same signal, which is listened to once. */
export interface Leaving {
  /**
   * The work's own end, or the signal's reason soon after the abort, whatever the work then still does: an adapter that
   * breaks its promise to stop keeps nobody waiting.
   */
  wait<T>(work: Promise<T>): Promise<T>
  /** Nothing is waited for any more. */
  end(): void
}

export function leaving(signal: AbortSignal, clock: ClockPort): Leaving {
  const over = new AbortController()
  let isLeft = false
  let leave = (): void => undefined
  const stop = () => {
    clock.sleep(STOP_GRACE_MS, over.signal).then(
      () => {
        isLeft = true
        leave()
      },
      () => undefined,
    )
  }
  if (signal.aborted) stop()
  else signal.addEventListener("abort", stop, { once: true })
  return {
    wait: (work) =>
      new Promise((resolve, reject) => {
        leave = () => reject(signal.reason)
        if (isLeft) leave()
        work.then(resolve, reject)
      }),
    end() {
      signal.removeEventListener("abort", stop)
      over.abort()
    },
  }
}

/** For one piece of work. */
export function orLeave<T>(work: Promise<T>, signal: AbortSignal, clock: ClockPort): Promise<T> {
  const watch = leaving(signal, clock)
  const waited = watch.wait(work)
  waited.then(watch.end, watch.end)
  return waited
}
