/** Lets everything else of this process that is ready go first: other connections, timers. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * What one connection asks, a few at the same time and one begun in each round of the process, so that whoever asks much takes turns
 * with everybody else, and waits for itself.
 */
export class Turns {
  readonly #atOnce: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  #begun: Promise<void> = Promise.resolve()

  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Runs when it is its turn, in the order of coming. Throws what `run` throws. */
  async take<T>(run: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      const before = this.#begun
      this.#begun = before.then(breath)
      await before
      return await run()
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
