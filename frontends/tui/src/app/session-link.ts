import {
  type ClientId,
  type Closing,
  type Engine,
  type Event,
  isDurable,
  type Op,
  type Query,
  type QueryAnswer,
  type Receipt,
  type SessionId,
  type SessionView,
  SkeinError,
} from "@skein/protocol"
import type { Block } from "../transcript/block.ts"
import { blocksOf } from "../transcript/items.ts"
import { Transcript } from "../transcript/transcript.ts"
import { ShownProcesses } from "./processes.ts"
import { factsAfter, factsOf, type SessionFacts } from "./session-facts.ts"

/** The session that is followed, and who is told of it. */
export interface LinkOptions {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly clientId: ClientId
  /** After it is folded. */
  readonly onEvent: (event: Event) => void
  readonly onFailure: (error: unknown) => void
}

/** What a person at the screen can be asked. */
const ANSWERED = ["approval", "question"] as const

/** Who waits until an event is folded. */
interface Reader {
  readonly seq: number
  readonly ready: () => void
}

/** One session as this screen has it open: what it was, what happens, and the ops that are sent to it. */
export class SessionLink {
  readonly transcript = new Transcript()
  readonly processes = new ShownProcesses()
  readonly #options: LinkOptions
  readonly #events: AsyncIterator<Event>
  readonly #following: Promise<void>
  readonly #sending = new Set<Promise<Receipt>>()
  #facts: SessionFacts
  /** The newest durable event that is folded here. */
  #seq: number
  #readers: readonly Reader[] = []
  #past: readonly Block[]
  /** Of what was said before. */
  readonly #lastAnswer: string | undefined

  /** Attaches to answer approvals and follows the session. Throws SkeinError when another process has it. */
  static async open(options: LinkOptions): Promise<SessionLink> {
    const { engine, sessionId, clientId } = options
    const receipt = await engine.submit({ type: "client.attach", sessionId, clientId, answers: [...ANSWERED] })
    if (receipt.status === "rejected") throw new SkeinError(receipt.code, receipt.message)
    return new SessionLink(options, await engine.ask({ type: "session.read", sessionId }))
  }

  private constructor(options: LinkOptions, view: SessionView) {
    this.#options = options
    this.#facts = factsOf(view)
    this.#seq = view.seq
    const turn = view.turns?.find(({ end }) => end === undefined)
    const from =
      view.runningTurn === undefined
        ? view.items.length
        : view.items.findLastIndex((item) => item.kind === "user_message" && !item.isSteer)
    this.#past = blocksOf({ ...view, items: view.items.slice(0, from) })
    this.#lastAnswer = this.#past.findLast((block) => block.kind === "answer")?.text
    for (const block of blocksOf({ items: view.items.slice(from) })) this.transcript.add(block)
    if (turn !== undefined) this.transcript.join(turn)
    this.#events = options.engine.events({ sessionId: view.sessionId, from: view.seq + 1 })[Symbol.asyncIterator]()
    this.#following = this.#follow().catch(options.onFailure)
  }

  get facts(): SessionFacts {
    return this.#facts
  }

  /** The newest answer, of now or of before. */
  get answer(): string | undefined {
    return this.transcript.answer ?? this.#lastAnswer
  }

  /** What was said before, as blocks, given once: whoever shows it keeps as much of it as it shows. */
  takePast(): readonly Block[] {
    const past = this.#past
    this.#past = []
    return past
  }

  get sessionId(): SessionId {
    return this.#facts.sessionId
  }

  /** All of the session as the engine has it; whatever is in it, the transcript here has seen too. */
  async read(): Promise<SessionView> {
    const view = await this.#options.engine.ask({ type: "session.read", sessionId: this.sessionId })
    if (view.seq > this.#seq) {
      await new Promise<void>((ready) => {
        this.#readers = [...this.#readers, { seq: view.seq, ready }]
      })
    }
    return view
  }

  ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
    return this.#options.engine.ask(query)
  }

  submit(op: Op): Promise<Receipt> {
    const receipt = this.#options.engine.submit(op)
    this.#sending.add(receipt)
    const over = () => void this.#sending.delete(receipt)
    receipt.then(over, over)
    return receipt
  }

  /** Once the engine has taken or refused all that was submitted, and what was submitted upon that. */
  async sent(): Promise<void> {
    while (this.#sending.size > 0) await Promise.allSettled(this.#sending)
  }

  /** Lets go of the session; what runs in it ends. */
  async close(why?: Closing): Promise<void> {
    await this.submit({ type: "session.close", sessionId: this.sessionId, why })
    await this.#following
  }

  async #follow(): Promise<void> {
    for (let next = await this.#events.next(); !next.done; next = await this.#events.next()) {
      this.transcript.apply(next.value)
      this.processes.hear(next.value)
      this.#facts = factsAfter(this.#facts, next.value)
      if (isDurable(next.value)) this.#folded(next.value.seq)
      this.#options.onEvent(next.value)
    }
    this.#folded(Number.POSITIVE_INFINITY)
  }

  #folded(seq: number): void {
    this.#seq = seq
    if (this.#readers.length === 0) return
    for (const reader of this.#readers) if (reader.seq <= seq) reader.ready()
    this.#readers = this.#readers.filter((reader) => reader.seq > seq)
  }
}
