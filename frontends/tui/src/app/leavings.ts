import type { SessionId } from "@skein/protocol"
import { type Departure, departed } from "./departure.ts"

/** Who hears of sessions that could not be let go of. */
export interface LeavingsListener {
  stumbled(error: unknown): void
  tell(text: string): void
}

/** Sessions that are let go of while the person is elsewhere already: none is waited for longer than `msMax`. */
export class Leavings {
  readonly #listener: LeavingsListener
  readonly #msMax: number
  readonly #leaving = new Map<SessionId, Promise<void>>()

  constructor(listener: LeavingsListener, msMax: number) {
    this.#listener = listener
    this.#msMax = msMax
  }

  /** What goes wrong with it is told. */
  begin(sessionId: SessionId, leaving: Promise<Departure>): void {
    const over = departed(leaving, NEVER, this.#msMax).then((departure) => {
      this.#leaving.delete(sessionId)
      this.#told(departure)
    })
    this.#leaving.set(sessionId, over)
  }

  /** Once it can be opened again: it is let go of, or was waited for long enough. Never rejects. */
  async over(sessionId: SessionId): Promise<void> {
    await this.#leaving.get(sessionId)
  }

  /** Once nothing is waited for any more. Never rejects. */
  async allOver(): Promise<void> {
    await Promise.all(this.#leaving.values())
  }

  #told({ failure, isCutShort }: Departure): void {
    if (failure !== undefined) this.#listener.stumbled(failure)
    else if (isCutShort === true) this.#listener.tell("The session before does not end; it is not waited for any more.")
  }
}

const NEVER = Promise.withResolvers<void>().promise
