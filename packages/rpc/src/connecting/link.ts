import { SkeinError } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { WIRE_VERSION } from "@skein/protocol/wire"
import type { Transport } from "../transports/transport.ts"
import { CODES, fromWire, type Peer, readMessage, written } from "../words.ts"
import { withResolvers } from "./resolvers.ts"

export interface LinkListener {
  onNotification(method: string, params: Json): void
}

interface Answer extends PromiseWithResolvers<Json> {
  readonly onResult: ((result: Json) => void) | undefined
}

/** One connection: what was asked over it, and what came. */
export class Link {
  readonly #transport: Transport
  readonly #listener: LinkListener
  readonly #asked = new Map<string | number, Answer>()
  #asks = 0
  #isOver = false

  constructor(transport: Transport, listener: LinkListener) {
    this.#transport = transport
    this.#listener = listener
  }

  /** Reads until the far end is gone. What was asked and not answered is rejected with LinkLost. */
  async run(): Promise<void> {
    try {
      for await (const text of this.#transport.messages) this.#take(text)
    } finally {
      this.#isOver = true
      this.#transport.close()
      for (const { reject } of this.#asked.values()) reject(new LinkLost())
      this.#asked.clear()
    }
  }

  /** The first thing that is said. Throws SkeinError `engine.refused` where the far end speaks another version. */
  async greet(client: Peer): Promise<Peer> {
    const { protocol, server } = await this.ask("initialize", { protocol: WIRE_VERSION, client })
    if (protocol === WIRE_VERSION) return server as Peer
    const versions = `It speaks version ${JSON.stringify(protocol)} of the protocol, and this client ${WIRE_VERSION}`
    throw new SkeinError("engine.refused", `The server did not understand us. ${versions}.`)
  }

  /**
   * Asks, and resolves with the result. Throws what the far end refused it with, or LinkLost. `onResult` is told before anything is
   * read that comes behind it.
   */
  ask(method: string, params: object, onResult?: (result: Json) => void): Promise<Json> {
    if (this.#isOver) return Promise.reject(new LinkLost())
    this.#asks += 1
    const answer: Answer = { ...withResolvers<Json>(), onResult }
    this.#asked.set(this.#asks, answer)
    this.#transport.send(written({ id: this.#asks, method, params }))
    return answer.promise
  }

  tell(method: string, params: object): void {
    if (!this.#isOver) this.#transport.send(written({ method, params }))
  }

  close(): void {
    this.#transport.close()
  }

  #take(text: string): void {
    const message = readMessage(text)
    if (message.kind === "notification") return this.#listener.onNotification(message.method, message.params)
    if (message.kind === "result") {
      const answer = this.#asked.get(message.id)
      this.#asked.delete(message.id)
      answer?.onResult?.(message.result)
      answer?.resolve(message.result)
    } else if (message.kind === "error" && message.id !== undefined) {
      this.#asked.get(message.id)?.reject(fromWire(message.error))
      this.#asked.delete(message.id)
    } else if (message.kind === "wrong") {
      // A line that is none of the protocol's: whoever speaks there is no server of skein's.
      const why =
        message.code === CODES.notJson ? "It said what is no JSON" : "It said what is no message of the protocol"
      for (const { reject } of this.#asked.values())
        reject(new SkeinError("engine.refused", `${why}: ${text.slice(0, 200)}`))
      this.#asked.clear()
    }
  }
}

/** The connection ended before there was an answer: it may have been heard or not. */
export class LinkLost extends Error {
  override readonly name = "LinkLost"

  constructor() {
    super("The connection to the engine was lost.")
  }
}
