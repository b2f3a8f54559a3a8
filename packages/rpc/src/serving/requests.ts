import { type Receipt, SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import type { Attachments } from "./attachments.ts"
import type { CheckedEngine } from "./checked.ts"

/**
 * Single requests and streams of events, which their client calls by one name: together they are a connection, and it is there as
 * long as one of its streams is.
 */
export class Requests {
  readonly #engine: CheckedEngine
  readonly #attachments: Attachments
  /** How many streams are open, by the name of their connection. */
  readonly #streams = new Map<string, number>()

  constructor(engine: CheckedEngine, attachments: Attachments) {
    this.#engine = engine
    this.#attachments = attachments
  }

  /** As the engine does. Throws SkeinError `op.invalid` also for who wants to answer and does not say which streams are theirs. */
  async submit(value: unknown, connection: string | undefined): Promise<Receipt> {
    if (connection === undefined && asObject(value)?.type === "client.attach") {
      throw new SkeinError("op.invalid", NAMELESS)
    }
    const { op, receipt } = await this.#engine.submit(value)
    // Without a name it can only take away what others attached.
    this.#attachments.note(op, receipt, connection ?? this)
    if (connection !== undefined && !this.#streams.has(connection)) this.#attachments.left(connection)
    return receipt
  }

  /** A stream of a connection is open; what is given back is called when it ends. */
  opened(connection: string): () => void {
    this.#streams.set(connection, (this.#streams.get(connection) ?? 0) + 1)
    this.#attachments.back(connection)
    return () => {
      const left = (this.#streams.get(connection) ?? 1) - 1
      if (left > 0) {
        this.#streams.set(connection, left)
        return
      }
      this.#streams.delete(connection)
      this.#attachments.left(connection)
    }
  }
}

const NAMELESS =
  "Who answers has to listen: give this request and your stream of events the same name, in the header Skein-Connection, or attach over a WebSocket."
