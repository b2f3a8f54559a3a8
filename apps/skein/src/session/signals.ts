import type { Io } from "../io.ts"

/**
 * A signal that aborts with the first interrupt, so that the turn settles and the session stays whole. A second
 * interrupt ends the process at once.
 */
export function interruptible(io: Io): { readonly signal: AbortSignal; done(): void } {
  const stop = new AbortController()
  const done = io.onSignal((signal) => {
    if (stop.signal.aborted) process.exit(signal === "SIGTERM" ? 143 : 130)
    stop.abort(signal)
  })
  return { signal: stop.signal, done }
}
