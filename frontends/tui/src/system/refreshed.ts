/**
 * Something that takes a while and is asked for often: made once at a time, and no sooner than `everyMs` after it was last
 * begun. Whoever asks meanwhile gets the next one together, made as the last of them asked.
 */
export class Refreshed<T> {
  readonly #everyMs: number
  readonly #clock: Clock
  #begunAt = Number.NEGATIVE_INFINITY
  #running: Promise<T> | undefined
  #next: { make: () => Promise<T>; readonly made: Promise<T> } | undefined

  constructor(everyMs: number, clock: Clock = REAL_CLOCK) {
    this.#everyMs = everyMs
    this.#clock = clock
  }

  ask(make: () => Promise<T>): Promise<T> {
    if (this.#next !== undefined) {
      this.#next.make = make
      return this.#next.made
    }
    const rest = this.#begunAt + this.#everyMs - this.#clock.now()
    if (this.#running === undefined && rest <= 0) return this.#begin(make)
    const made = this.#later(rest)
    this.#next = { make, made }
    return made
  }

  async #later(restMs: number): Promise<T> {
    await this.#clock.sleep(Math.max(restMs, 0))
    // How it went is told to those who asked for it.
    await Promise.allSettled([this.#running])
    const next = this.#next
    if (next === undefined) throw new Error("What was asked for is gone")
    this.#next = undefined
    return this.#begin(next.make)
  }

  #begin(make: () => Promise<T>): Promise<T> {
    this.#begunAt = this.#clock.now()
    const running = make().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }
}

/** The time, as far as refreshing needs it. */
export interface Clock {
  /** Milliseconds on any scale. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Keeps no process alive that is otherwise done. */
const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep(ms) {
    const { promise, resolve } = Promise.withResolvers<void>()
    setTimeout(resolve, ms).unref()
    return promise
  },
}
