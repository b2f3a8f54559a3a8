import { EXIT } from "@skein/headless"
import type { Io } from "../io.ts"

interface Interruptible {
  /** Aborts with the first interrupt. */
  readonly signal: AbortSignal
  /** The exit code of an interrupted run: it says which signal it was. */
  readonly exitCode: number
  done(): void
}

/**
 * A signal that aborts with the first interrupt, so that the turn settles and the session stays whole. A second
 * interrupt ends the process at once.
 */
export function interruptible(io: Io): Interruptible {
  const stop = new AbortController()
  const codeOf = (signal: unknown) => (signal === "SIGTERM" ? EXIT.ended : EXIT.interrupted)
  const done = io.onSignal((signal) => {
    if (stop.signal.aborted) process.exit(codeOf(signal))
    stop.abort(signal)
  })
  return {
    signal: stop.signal,
    get exitCode() {
      return codeOf(stop.signal.reason)
    },
    done,
  }
}
