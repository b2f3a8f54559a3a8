import { type Event, isDurable } from "@skein/protocol"

/** A reader this far behind loses live events; durable ones wait for it. */
const LIVE_WAITING_MAX = 2_000

/** Hands every event to every reader, each at its own pace. */
export class Hub {
  readonly #readers = new Set<Reader>()
  #ended: { readonly error: unknown } | "done" | undefined

  publish(event: Event): void {
    for (const reader of this.#readers) reader.push(event)
  }

  get isWatched(): boolean {
    return this.#readers.size > 0
  }

  /** From this moment on the reader misses no durable event. */
  open(): Reader {
    const reader = new Reader(() => this.#readers.delete(reader))
    if (this.#ended === "done") reader.end()
    else if (this.#ended !== undefined) reader.fail(this.#ended.error)
    else this.#readers.add(reader)
    return reader
  }

  /** Every reader gets what is waiting for it, then the end. */
  end(): void {
    this.#ended ??= "done"
    for (const reader of this.#readers) reader.end()
  }

  /** The session cannot go on: every reader learns why. */
  fail(error: unknown): void {
    this.#ended ??= { error }
    for (const reader of this.#readers) reader.fail(error)
  }
}

/** One reader's queue. Read by one consumer at a time. */
export class Reader {
  #waiting: Event[] = []
  #live = 0
  #ended: { readonly error?: unknown } | undefined
  #wake: (() => void) | undefined
  readonly #closed: () => void

  constructor(closed: () => void) {
    this.#closed = closed
  }

  push(event: Event): void {
    if (this.#ended !== undefined) return
    if (!isDurable(event)) {
      if (this.#live >= LIVE_WAITING_MAX) return
      this.#live += 1
    }
    this.#waiting.push(event)
    this.#wake?.()
  }

  end(): void {
    this.#ended ??= {}
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#ended ??= { error }
    this.#wake?.()
  }

  /** All that waits, in order; undefined at the end. Throws what the session failed with. */
  async take(): Promise<readonly Event[] | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#ended !== undefined) {
        this.#closed()
        if (this.#ended.error !== undefined) throw this.#ended.error
        return undefined
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    const taken = this.#waiting
    this.#waiting = []
    this.#live = 0
    return taken
  }

  close(): void {
    this.#closed()
    this.end()
  }
}
