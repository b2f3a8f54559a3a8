import type { Event, Subscription } from "@skein/protocol"
import { withResolvers } from "./resolvers.ts"

/** What a subscription needs of the connection that it goes over, whichever that is just now. */
export interface Line {
  more(count: number): void
  unsubscribe(): void
}

/**
 * One subscription, over as many connections as it takes: what came is kept in order until it is read, and after a break it goes
 * on behind the last durable event that came.
 */
export class Followed implements AsyncIterator<Event, undefined> {
  readonly #asked: Subscription
  readonly #window: number
  readonly #line: Line
  readonly #placed = withResolvers<void>()
  #waiting: Event[] = []
  #taken = 0
  #cursor: number | undefined
  #ended: { readonly error?: unknown } | undefined
  #wakes: (() => void)[] = []

  constructor(asked: Subscription, window: number, line: Line) {
    this.#asked = asked
    this.#window = window
    this.#line = line
    this.#cursor = asked.from === undefined ? undefined : asked.from - 1
    if (this.#cursor !== undefined) this.#placed.resolve()
  }

  get sessionId(): Subscription["sessionId"] {
    return this.#asked.sessionId
  }

  get isOver(): boolean {
    return this.#ended !== undefined
  }

  /** Resolves when it is known from where on nothing is missed. */
  get placed(): Promise<void> {
    return this.#placed.promise
  }

  /** What is asked for over a new connection. */
  get subscription(): Subscription {
    return { ...this.#asked, from: this.#cursor === undefined ? undefined : this.#cursor + 1 }
  }

  /** What may come over a new connection before more is asked for. */
  get window(): number {
    this.#taken = 0
    return Math.max(1, this.#window - this.#waiting.length)
  }

  place(after: number | undefined): void {
    if (after !== undefined) this.#cursor ??= after
    this.#placed.resolve()
  }

  put(event: Event): void {
    if (this.#ended !== undefined) return
    if ("seq" in event) {
      this.#cursor = event.seq
    } else {
      this.#cursor ??= event.after
    }
    this.#waiting.push(event)
    this.#wake()
  }

  end(how: { readonly error?: unknown }): void {
    this.#ended ??= how
    this.#placed.resolve()
    this.#wake()
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    for (;;) {
      const event = this.#waiting.shift()
      if (event !== undefined) {
        this.#credit()
        return { done: false, value: event }
      }
      if (this.#ended !== undefined) {
        const { error } = this.#ended
        // Told once, as a generator would.
        this.#ended = {}
        if (error !== undefined) throw error
        return { done: true, value: undefined }
      }
      await new Promise<void>((resolve) => this.#wakes.push(resolve))
    }
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    if (this.#ended === undefined) this.#line.unsubscribe()
    this.#waiting = []
    this.end({})
    return { done: true, value: undefined }
  }

  /** Asks for more by halves of the window, so that neither side waits and few messages are about it. */
  #credit(): void {
    this.#taken += 1
    if (this.#taken < this.#window / 2 || this.#ended !== undefined) return
    this.#line.more(this.#taken)
    this.#taken = 0
  }

  #wake(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }
}
