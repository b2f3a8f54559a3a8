import type { SessionId } from "@skein/protocol"

/** One session runs one call at a time; so many more are begun for calls that may run beside others. */
const BESIDE_MAX = 4

/** A session that is free for a call. */
export interface Lane {
  readonly sessionId: SessionId
  readonly isMain: boolean
}

interface Waiting {
  readonly isBeside: boolean
  readonly go: PromiseWithResolvers<Lane>
}

/**
 * The sessions of one client. Its calls are those of one session, in their order, as if a model had made them one after the
 * other. Only a call that may run beside others goes to another session, and only while the first is at work: so a search does
 * not wait for a slow command.
 */
export class Lanes {
  readonly #create: () => Promise<SessionId>
  readonly #begun: Lane[] = []
  readonly #free: Lane[] = []
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>()
  #main: Promise<Lane> | undefined
  #beginning = 0

  constructor(create: () => Promise<SessionId>) {
    this.#create = create
  }

  /** The first session, begun where it was not: what is not about one call is about it. */
  async main(): Promise<SessionId> {
    return (await this.#first()).sessionId
  }

  /** Every session that was begun. */
  get sessionIds(): readonly SessionId[] {
    return this.#begun.map(({ sessionId }) => sessionId)
  }

  /** Rejects with the signal's reason when the caller gives up first, and with why a session could not be begun. */
  async take(isBeside: boolean, signal: AbortSignal): Promise<Lane> {
    signal.throwIfAborted()
    const waiting = { isBeside, go: Promise.withResolvers<Lane>() }
    this.#waiting.add(waiting)
    const giveUp = () => this.#refuse(waiting, signal.reason)
    signal.addEventListener("abort", giveUp, { once: true })
    this.#first().then(
      () => this.#serve(),
      (error: unknown) => this.#refuse(waiting, error),
    )
    return waiting.go.promise.finally(() => signal.removeEventListener("abort", giveUp))
  }

  release(lane: Lane): void {
    // The first is taken first again: what was read there may be written there.
    if (lane.isMain) this.#free.unshift(lane)
    else this.#free.push(lane)
    this.#serve()
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      const at = this.#free.findIndex(({ isMain }) => isMain || waiting.isBeside)
      const [lane] = at < 0 ? [] : this.#free.splice(at, 1)
      if (lane === undefined) continue
      this.#waiting.delete(waiting)
      waiting.go.resolve(lane)
    }
    const wanted = [...this.#waiting].filter(({ isBeside }) => isBeside)
    const room = BESIDE_MAX + 1 - this.#begun.length - this.#beginning
    for (const waiting of wanted.slice(this.#beginning, this.#beginning + room)) {
      this.#begin(false).catch((error: unknown) => this.#refuse(waiting, error))
    }
  }

  #refuse(waiting: Waiting, error: unknown): void {
    this.#waiting.delete(waiting)
    waiting.go.reject(error)
  }

  #first(): Promise<Lane> {
    this.#main ??= this.#begin(true).catch((error: unknown) => {
      // It is tried again with the next call.
      this.#main = undefined
      throw error
    })
    return this.#main
  }

  async #begin(isMain: boolean): Promise<Lane> {
    this.#beginning += 1
    try {
      const lane = { sessionId: await this.#create(), isMain }
      this.#begun.push(lane)
      this.#free.push(lane)
      return lane
    } finally {
      this.#beginning -= 1
      if (!isMain) this.#serve()
    }
  }
}
