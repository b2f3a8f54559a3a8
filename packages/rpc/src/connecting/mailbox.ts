/** What was put in comes out in its order, to one reader, until its end. */
export class Mailbox<T> implements AsyncIterable<T> {
  #waiting: T[] = []
  #isOver = false
  #wake: (() => void) | undefined

  put(value: T): void {
    if (this.#isOver) return
    this.#waiting.push(value)
    this.#wake?.()
  }

  /** What is in it is still read. */
  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const taken = this.#waiting
      this.#waiting = []
      yield* taken
      if (this.#waiting.length > 0) continue
      if (this.#isOver) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
