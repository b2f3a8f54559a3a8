import { type Event, isDurable } from "@skein/protocol"

/** A reader this far behind loses live events. */
const LIVE_WAITING_MAX = 2_000
/** One this far behind is sent back to the log, which keeps the durable ones: nobody's slowness grows our memory. */
const DURABLE_WAITING_MAX = 1_000

/** Durable events that a reader did not take in time, first and last; the log has them. */
export interface Behind {
  readonly from: number
  readonly to: number
}

/** Whoever acts on events as they happen. It throws nothing. */
export interface Watcher {
  onEvent(event: Event): void
  /** Nothing more happens: the session was let go of, or it failed with this. */
  onEnd(error: unknown): void
}

/** Hands every event to every reader, each at its own pace. */
export class Hub {
  readonly #readers = new Set<Reader>()
  readonly #watchers = new Set<Watcher>()
  #ended: { readonly error: unknown } | "done" | undefined

  publish(event: Event): void {
    for (const reader of this.#readers) reader.push(event)
    for (const watcher of this.#watchers) watcher.onEvent(event)
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0
  }

  /** Told of everything at once, in its order, until it says that it is enough. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
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
    for (const watcher of this.#watchers) watcher.onEnd(undefined)
  }

  /** The session cannot go on: every reader learns why. */
  fail(error: unknown): void {
    this.#ended ??= { error }
    for (const reader of this.#readers) reader.fail(error)
    for (const watcher of this.#watchers) watcher.onEnd(error)
  }
}

/** One reader's queue. Read by one consumer at a time. */
export class Reader {
  #waiting: Event[] = []
  #live = 0
  #durable = 0
  #behind: Behind | undefined
  #ended: { readonly error?: unknown } | undefined
  #wake: (() => void) | undefined
  readonly #closed: () => void

  constructor(closed: () => void) {
    this.#closed = closed
  }

  push(event: Event): void {
    if (this.#ended !== undefined) return
    if (this.#behind !== undefined) {
      if (isDurable(event)) this.#behind = { from: this.#behind.from, to: event.seq }
      return
    }
    if (!isDurable(event)) {
      if (this.#live >= LIVE_WAITING_MAX) return
      this.#live += 1
    } else if (this.#durable >= DURABLE_WAITING_MAX) {
      this.#behind = { from: this.#waiting.find(isDurable)?.seq ?? event.seq, to: event.seq }
      this.#forget()
      return
    } else {
      this.#durable += 1
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

  /** All that waits, in order, or what to read from the log; undefined at the end. Throws what the session failed with. */
  async take(): Promise<readonly Event[] | Behind | undefined> {
    while (this.#waiting.length === 0) {
      const behind = this.#behind
      this.#behind = undefined
      if (behind !== undefined) return behind
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
    this.#forget()
    return taken
  }

  #forget(): void {
    this.#waiting = []
    this.#live = 0
    this.#durable = 0
  }

  /** Nothing more is read: what waits is forgotten. */
  close(): void {
    this.#closed()
    this.#forget()
    this.#behind = undefined
    this.end()
  }
}
