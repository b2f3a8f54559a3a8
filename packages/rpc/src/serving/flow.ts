import type { Event } from "@skein/protocol"
import type { Transport } from "../transports/transport.ts"
import { toRefusal, written } from "../words.ts"
import { eventText } from "./event-text.ts"

/** One subscription's events on their way to its client, never further ahead of it than its credit. */
export class Flow {
  readonly #id: string
  readonly #events: AsyncIterator<Event>
  readonly #transport: Transport
  #credit: number
  #isOver = false
  #wake: (() => void) | undefined

  constructor(id: string, events: AsyncIterator<Event>, transport: Transport, credit: number) {
    this.#id = id
    this.#events = events
    this.#transport = transport
    this.#credit = credit
  }

  /** The client has taken so many, and wants as many more. */
  more(count: number): void {
    this.#credit += count
    this.#wake?.()
  }

  /** Ends it, wherever it is. */
  async stop(): Promise<void> {
    this.#isOver = true
    this.#wake?.()
    await this.#events.return?.()
  }

  /** Sends until the events end, which the client is told, or until it is stopped. `first` was read already. */
  async run(first: IteratorResult<Event> | undefined): Promise<void> {
    try {
      for (let next = first ?? (await this.#next()); next?.done === false; next = await this.#next()) {
        if (this.#isOver) return
        this.#credit -= 1
        const params = `{"subscriptionId":${JSON.stringify(this.#id)},"event":${eventText(next.value)}}`
        this.#transport.send(`{"jsonrpc":"2.0","method":"event","params":${params}}`)
        await this.#transport.room()
      }
      if (!this.#isOver) this.#end({})
    } catch (error) {
      this.#end({ error: toRefusal(error) })
    }
  }

  #end(how: object): void {
    this.#transport.send(written({ method: "ended", params: { subscriptionId: this.#id, ...how } }))
  }

  /** Nothing is read of the engine before it can be sent: what waits there is bounded, and its durable events are in the log. */
  async #next(): Promise<IteratorResult<Event> | undefined> {
    while (this.#credit <= 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    return this.#isOver ? undefined : this.#events.next()
  }
}
