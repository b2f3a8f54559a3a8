import type { Users } from "./users.ts"

/** A time that stands still while a person is asked. */
export interface Deadline {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal
  /** The whole time once more. */
  restart(): void
  stop(): void
}

export function deadline(ms: number, users: Users): Deadline {
  const over = new AbortController()
  let leftMs = ms
  let since = performance.now()
  let timer: Timer | undefined

  function run(): void {
    since = performance.now()
    timer = setTimeout(() => over.abort(new Error("The time for it is over.")), leftMs)
  }
  function hold(): void {
    clearTimeout(timer)
    leftMs = Math.max(0, leftMs - (performance.now() - since))
  }
  const forget = users.onAsking(() => (users.isAsking ? hold() : run()))
  if (!users.isAsking) run()

  return {
    signal: over.signal,
    restart() {
      if (over.signal.aborted) return
      clearTimeout(timer)
      leftMs = ms
      if (!users.isAsking) run()
    },
    stop() {
      forget()
      clearTimeout(timer)
    },
  }
}
