/** How long keys took to be painted: counts by tenths of a millisecond, so that hours of typing need no more room than a minute. */
export class Latencies {
  readonly #counts = new Map<number, number>()
  #total = 0

  add(ms: number): void {
    const tenth = Math.min(Math.ceil(Math.max(ms, 0) * 10), TENTHS_MAX)
    this.#counts.set(tenth, (this.#counts.get(tenth) ?? 0) + 1)
    this.#total++
  }

  get count(): number {
    return this.#total
  }

  /** At most this for that share of all keys; undefined before the first. */
  quantileMs(share: number): number | undefined {
    let seen = 0
    for (const [tenth, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count
      if (seen >= this.#total * share) return tenth / 10
    }
    return undefined
  }
}

/** Ten seconds: beyond it, it does not matter how long. */
const TENTHS_MAX = 100_000
