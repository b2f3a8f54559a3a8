/** Counts the time of a program. While a call of its own is under way, no time runs: a person may be asked about that. */
export class Watch {
  readonly #bounds: { readonly quietMs: number; readonly runMs: number }
  readonly #onOver: (why: string) => void
  #waitingCount = 0
  #spentMs = 0
  #since = performance.now()
  #quiet: Timer | undefined
  #run: Timer | undefined
  #isOver = false

  constructor(bounds: { readonly quietMs: number; readonly runMs: number }, onOver: (why: string) => void) {
    this.#bounds = bounds
    this.#onOver = onOver
    this.#arm()
  }

  get waitingCount(): number {
    return this.#waitingCount
  }

  /** It said something. */
  heard(): void {
    if (this.#waitingCount > 0 || this.#isOver) return
    this.#quiet?.refresh()
  }

  /** A call begins; what is given is called when it has been answered. */
  waiting(): () => void {
    if (this.#waitingCount++ === 0) this.#hold()
    return () => {
      if (--this.#waitingCount === 0 && !this.#isOver) this.#arm()
    }
  }

  over(): void {
    this.#isOver = true
    this.#hold()
  }

  #arm(): void {
    const { quietMs, runMs } = this.#bounds
    this.#since = performance.now()
    this.#quiet = setTimeout(
      () => this.#onOver(`It was stopped: it said and called nothing for ${quietMs / 1000} s.`),
      quietMs,
    )
    this.#run = setTimeout(
      () => this.#onOver(`It was stopped: it ran for ${runMs / 1000} s, its calls not counted.`),
      Math.max(runMs - this.#spentMs, 0),
    )
  }

  #hold(): void {
    this.#spentMs += performance.now() - this.#since
    clearTimeout(this.#quiet)
    clearTimeout(this.#run)
  }
}
