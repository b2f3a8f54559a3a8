import {
  type Engine,
  type Event,
  type InputId,
  NO_USAGE,
  type SessionId,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import { settledTurn, type TurnEnd, type TurnResult } from "./result.ts"

export interface TurnParts {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly inputId: InputId
  /** From before the input was submitted. */
  readonly events: AsyncIterator<Event>
  /** What is to be done once the turn is over, whatever became of it. */
  readonly over: () => Promise<void>
}

/**
 * One turn as it happens: `for await (const event of turn)` tells its events, `await turn.result()` its end. Either alone will do,
 * and what was not read of the events is kept by the engine.
 */
export class Turn implements AsyncIterable<Event> {
  readonly #parts: TurnParts
  #turnId: TurnId | undefined
  #text = ""
  #end: TurnEnd | undefined
  #reading: Promise<unknown> = Promise.resolve()
  #result: Promise<TurnResult> | undefined

  constructor(parts: TurnParts) {
    this.#parts = parts
  }

  /** Undefined until it has begun: input that is queued waits for the turn before it. */
  get id(): TurnId | undefined {
    return this.#turnId
  }

  [Symbol.asyncIterator](): AsyncIterator<Event> {
    // Whoever stops reading may still want the result.
    return { next: () => this.#next(), return: async () => ({ done: true, value: undefined }) }
  }

  /** Waits for the end. Throws SkeinError when the session is closed before, or the engine is lost. */
  result(): Promise<TurnResult> {
    if (this.#result === undefined) {
      this.#result = this.#settled()
      // A loss is told to whoever waits, and ends no process in which nobody does.
      this.#result.catch(() => undefined)
    }
    return this.#result
  }

  /** Stops it: every open call settles, and the result says `interrupted`. */
  async interrupt(): Promise<void> {
    const { engine, sessionId } = this.#parts
    const which = this.#turnId === undefined ? {} : { turnId: this.#turnId }
    await engine.submit({ type: "turn.interrupt", sessionId, ...which })
  }

  async #settled(): Promise<TurnResult> {
    while (this.#end === undefined) if ((await this.#next()).done === true) break
    if (this.#end === undefined) throw gone()
    return settledTurn(this.#parts, this.#end)
  }

  /** One after the other, whoever asks. */
  #next(): Promise<IteratorResult<Event>> {
    const next = this.#reading.then(() => this.#read())
    // Told to whoever asked for that event; the next one is asked for all the same.
    this.#reading = next.catch(() => undefined)
    return next
  }

  async #read(): Promise<IteratorResult<Event>> {
    if (this.#end !== undefined) return { done: true, value: undefined }
    try {
      for (;;) {
        const { done, value } = await this.#parts.events.next()
        if (done === true) throw gone()
        if (value.type === "turn.started" && value.inputId === this.#parts.inputId) this.#turnId = value.turnId
        if (this.#turnId === undefined) continue
        this.#take(value)
        if (this.#end !== undefined) await this.#close()
        return { done: false, value }
      }
    } catch (error) {
      await this.#close()
      throw error
    }
  }

  #take(event: Event): void {
    if (event.type === "step.started" || event.type === "step.discarded") this.#text = ""
    if (event.type === "item.completed" && event.kind === "agent_message" && event.status === "complete") {
      this.#text += event.text
    }
    if (event.type !== "turn.ended" || event.turnId !== this.#turnId) return
    const { turnId, outcome, usage = NO_USAGE, microUsd } = event
    this.#end = { turnId, outcome, text: this.#text, usage, microUsd }
  }

  async #close(): Promise<void> {
    await this.#parts.events.return?.()
    await this.#parts.over()
  }
}

function gone(): SkeinError {
  return new SkeinError("session.closed", "The session was closed before its turn ended.")
}
