import type { CallToolResult, ElicitRequestFormParams } from "@modelcontextprotocol/server"
import type { Asked } from "./asked.ts"

/** What the client's person is asked while a call is on its way. */
export interface Question {
  readonly id: string
  /** Of `elicitation/create`. */
  readonly params: ElicitRequestFormParams
  /** Takes the client's reply, whatever it is; undefined where there was none. */
  answer(reply: unknown): Promise<void>
}

export type Next =
  | { readonly kind: "done"; readonly result: CallToolResult }
  | { readonly kind: "asked"; readonly question: Question; readonly over: AbortSignal }

/**
 * One call on its way to its one result, with the questions it asks. A client of 2025 is asked while its request is open; one
 * of 2026 is given the question as the answer of its request, and repeats it with the reply: so what runs outlives requests.
 */
export class Work {
  /** Names it in a repeated request; nobody can guess it. */
  readonly token = crypto.randomUUID()
  readonly #open = new Map<string, { readonly question: Question; readonly over: AbortController }>()
  #result: CallToolResult | undefined
  #failure: unknown
  #changed = Promise.withResolvers<void>()
  readonly #stop = new AbortController()
  #asked: Asked

  constructor(asked: Asked) {
    this.#asked = asked
    this.attend(asked)
  }

  /** The request that waits for it now: it hears how far this is, and taking it back stops this. */
  attend(asked: Asked): void {
    this.#asked = asked
    const stop = () => {
      if (this.#asked === asked) this.#stop.abort()
    }
    if (asked.signal.aborted) stop()
    asked.signal.addEventListener("abort", stop, { once: true })
  }

  /** The request was answered with a question: its end takes nothing back, and nobody is told how far this is. */
  leave(): void {
    this.#asked = { ...this.#asked, progress: () => {}, log: () => {}, notify: () => {} }
  }

  /** Whoever waits for it now. */
  get asked(): Asked {
    return this.#asked
  }

  /** Aborts when nobody wants it any more. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  ask(question: Question): void {
    this.#open.set(question.id, { question, over: new AbortController() })
    this.#wake()
  }

  /** It is answered, or of no use any more. */
  drop(id: string): void {
    this.#open.get(id)?.over.abort()
    this.#open.delete(id)
  }

  /** Hands a reply to the question of this id; one that is not open is late, and ignored. */
  async reply(id: string, reply: unknown): Promise<void> {
    const asked = this.#open.get(id)
    this.drop(id)
    await asked?.question.answer(reply)
  }

  /** Nobody came back with a reply, so nobody waits for the result either. */
  abandon(id: string): void {
    this.reply(id, undefined).catch((error: unknown) => this.fail(error))
    this.#stop.abort()
  }

  settle(result: CallToolResult): void {
    this.#result = result
    this.#wake()
  }

  fail(error: unknown): void {
    this.#failure = error
    this.#wake()
  }

  get isOver(): boolean {
    return this.#result !== undefined || this.#failure !== undefined
  }

  /** Rejects with what it failed with. */
  async next(): Promise<Next> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      if (this.#result !== undefined) return { kind: "done", result: this.#result }
      for (const { question, over } of this.#open.values()) return { kind: "asked", question, over: over.signal }
      await this.#changed.promise
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}
