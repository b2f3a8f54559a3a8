import { askedTitle, type Closing, type Engine } from "@skein/protocol"
import type { Line } from "@skein/term"
import type { Pending } from "../panels/approval/pending.ts"
import type { Block } from "../transcript/block.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { Flow, type Flowed } from "./flow.ts"
import { type LinkOptions, SessionLink } from "./session-link.ts"

/** A session on the screen: its link, and how far it is drawn. */
export class Tab {
  readonly link: SessionLink
  /** Made here, and perhaps for nothing. */
  readonly isNew: boolean
  readonly #flow: Flow
  /** The end of what was said before, until it is drawn, and how much there was before it. */
  #past: readonly Block[]
  readonly #earlier: number
  #firstWords: string | undefined

  static async open(options: LinkOptions, isNew: boolean, view: BlockView): Promise<Tab> {
    return new Tab(await SessionLink.open(options), isNew, view)
  }

  private constructor(link: SessionLink, isNew: boolean, view: BlockView) {
    this.link = link
    this.#flow = new Flow(view)
    this.isNew = isNew
    const past = link.takePast()
    this.#past = past.slice(-PAST_BLOCKS_MAX)
    this.#earlier = past.length - this.#past.length
    this.#firstWords = firstWords(past)
  }

  /** What a person calls it: its title, else how it began. */
  get title(): string {
    const { title } = this.link.facts
    this.#hearFirstWords()
    return title ?? this.#firstWords ?? "new"
  }

  /** A turn, a call or a process runs in it, or it waits for an answer. */
  get isAtWork(): boolean {
    const { facts, transcript, processes } = this.link
    const isRunning = facts.isRunning || transcript.calls.length > 0 || processes.all.length > 0
    return isRunning || facts.approvals.length > 0
  }

  /** Nothing runs or waits in it, nor was said to it just now: it can be let go of with nothing lost. */
  async rests(engine: Engine): Promise<boolean> {
    await this.link.sent()
    if (this.isAtWork) return false
    const { runningTurn, queue } = await engine.ask({ type: "session.read", sessionId: this.link.sessionId })
    return runningTurn === undefined && queue.length === 0
  }

  /** What is finished and not printed yet, and what is live. The end of what was said before comes first. */
  advance(look: Look, rows: number, askedId: string | undefined): Flowed {
    this.#hearFirstWords()
    const earlier = this.#past
    this.#past = []
    if (earlier.length > 0) this.#addTail(earlier, look, rows)
    return this.#flow.advance(this.link.transcript, look, askedId)
  }

  /** The whole screen is left for good: of what no scrollback has yet, its newest turn alone is to be printed, as far as there is room. */
  part(look: Look, rows: number): void {
    const blocks = [...this.#past, ...this.link.transcript.take()]
    this.#past = []
    const from = blocks.findLastIndex(({ kind }) => kind === "prompt")
    this.#flow.add(blocks.slice(Math.max(from, 0)), look)
    const most = Math.max(Math.floor(rows / 2), PARTING_ROWS_MIN)
    this.#flow.shorten(most, from < 0 ? 0 : PROMPT_ROWS, (count) => [
      { text: `  ${look.glyphs.more} ${count} lines are left out`, style: look.theme.dim },
    ])
  }

  /** What was given as finished is the terminal's now: it is not given again. */
  printed(): void {
    this.#flow.printed()
  }

  /** Its questions; those of a session that is not seen say which tab they come from, counted from 1. */
  asked(isSeen: boolean, number: number): readonly Pending[] {
    const { facts, transcript } = this.link
    return facts.approvals.map((event) => {
      const call = transcript.calls.find(({ callId }) => callId === event.callId)
      const { agent } = event
      const title = agent === undefined ? (call?.title ?? event.subject) : askedTitle(event)
      const from = [...(isSeen ? [] : [`${number} ${this.title}`]), ...(agent === undefined ? [] : [agent.name])]
      // Of an agent's call, which is none of this transcript, what it would do is known.
      const unknown = agent === undefined ? event.subject : (event.actions[0]?.verb ?? event.subject)
      const what = { event, name: call?.name ?? unknown, title }
      return from.length === 0 ? what : { ...what, from: from.join(" · ") }
    })
  }

  /** Lets go of it. One that was made here and holds its beginning alone would only stand in the way of the one before. */
  async leave(engine: Engine, why?: Closing): Promise<{ readonly isKept: boolean }> {
    const { sessionId } = this.link
    const { seq } = await engine.ask({ type: "session.read", sessionId })
    await this.link.close(why)
    if (!this.isNew || seq > 1) return { isKept: true }
    return { isKept: (await engine.submit({ type: "session.delete", sessionId })).status === "rejected" }
  }

  #hearFirstWords(): void {
    const { held, open } = this.link.transcript
    this.#firstWords ??= firstWords(held) ?? firstWords(open)
  }

  /** As much as fills two screens; the rest is in the viewer. */
  #addTail(blocks: readonly Block[], look: Look, rows: number): void {
    const shown = blocks.slice(-Math.max(rows, TAIL_BLOCKS_MIN))
    const left = this.#earlier + blocks.length - shown.length
    const more: readonly Line[] =
      left > 0 ? [[{ text: `  ${look.glyphs.more} ${left} earlier  (F3 shows them)`, style: look.theme.dim }]] : []
    this.#flow.add(shown, look, more)
  }
}

const PARTING_ROWS_MIN = 8
/** The space before a prompt, and its first row. */
const PROMPT_ROWS = 2
const TAIL_BLOCKS_MIN = 8
/** More than a screen has rows. */
const PAST_BLOCKS_MAX = 400

function firstWords(blocks: readonly Block[]): string | undefined {
  const first = blocks.find((block) => block.kind === "prompt")
  return first?.text.split("\n", 1)[0]
}
