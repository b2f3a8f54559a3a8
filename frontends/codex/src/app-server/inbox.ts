/** Requests of one client that wait for those before them. */
const WAITING_MAX = 128

/** Requests of one client, each after the one before. What it answers to us is none of them, as a request may wait for that. */
export class Inbox {
  readonly #take: (line: string) => Promise<void>
  readonly #warn: (text: string) => void
  #last = Promise.resolve()
  #waiting = 0

  constructor(take: (line: string) => Promise<void>, warn: (text: string) => void) {
    this.#take = take
    this.#warn = warn
  }

  get isFull(): boolean {
    return this.#waiting >= WAITING_MAX
  }

  /** Resolves when what is waiting now is done. */
  get emptied(): Promise<void> {
    return this.#last
  }

  add(line: string): void {
    this.#waiting += 1
    this.#last = this.#last
      .then(() => this.#take(line))
      .catch((error: unknown) => this.#warn(`A message was not taken: ${String(error)}`))
      .finally(() => {
        this.#waiting -= 1
      })
  }
}
