import type { ClientId, Engine, Op, Receipt, SessionId } from "@skein/protocol"

/** How long a client that lost its connection may take to come back, before what it was asked fails. */
const GRACE_MS = 10_000

/** A connection; by its name where it is made of several requests. */
export type Holder = object | string

interface Attachment {
  readonly sessionId: SessionId
  readonly clientId: ClientId
  /** The connection that it was made over last. */
  readonly holder: Holder
}

/**
 * Who offered to answer, over which connection. A client whose connection ended and that does not come back is detached: an
 * approval that nobody can answer any more is refused, not left waiting.
 */
export class Attachments {
  readonly #engine: Engine
  readonly #graceMs: number
  readonly #all = new Map<string, Attachment>()
  readonly #timers = new Map<Holder, ReturnType<typeof setTimeout>>()

  constructor(engine: Engine, graceMs = GRACE_MS) {
    this.#engine = engine
    this.#graceMs = graceMs
  }

  /** What an op means for who answers. */
  note(op: Op, receipt: Receipt, holder: Holder): void {
    if (receipt.status === "rejected") return
    if (op.type === "client.attach") {
      const { sessionId, clientId } = op
      this.#all.set(`${sessionId} ${clientId}`, { sessionId, clientId, holder })
    } else if (op.type === "client.detach") {
      this.#all.delete(`${op.sessionId} ${op.clientId}`)
    } else if (op.type === "session.close" || op.type === "session.delete") {
      // Detaching from it would only open it again.
      for (const [key, { sessionId }] of this.#all) if (sessionId === op.sessionId) this.#all.delete(key)
    }
  }

  /** A connection has ended, or has not begun to listen yet. */
  left(holder: Holder): void {
    if (this.#timers.has(holder) || ![...this.#all.values()].some((one) => one.holder === holder)) return
    const timer = setTimeout(() => {
      this.#timers.delete(holder)
      for (const [key, one] of this.#all) {
        if (one.holder !== holder) continue
        this.#all.delete(key)
        const { sessionId, clientId } = one
        // A session that cannot be told has nobody left to ask either.
        this.#engine.submit({ type: "client.detach", sessionId, clientId }).catch(() => undefined)
      }
    }, this.#graceMs)
    timer.unref()
    this.#timers.set(holder, timer)
  }

  /** It listens, after all or again. */
  back(holder: Holder): void {
    clearTimeout(this.#timers.get(holder))
    this.#timers.delete(holder)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#all.clear()
  }
}
