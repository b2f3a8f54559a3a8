import type { Line } from "@skein/term"
import type { AnswerBlock, Block } from "../transcript/block.ts"
import type { Transcript } from "../transcript/transcript.ts"
import { blankLinesBetween, blockLines } from "../view/blocks/block-lines.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { MarkdownStream } from "../view/markdown/stream.ts"
import { LiveLines } from "./live-lines.ts"

/** What leaves for the scrollback, and what stays to be drawn again. */
export interface Flowed {
  readonly finished: readonly Line[]
  readonly live: readonly Line[]
}

/** An answer under way: how much of it was given to Markdown. */
interface Streaming {
  readonly id: string
  readonly markdown: MarkdownStream
  length: number
  hasBegun: boolean
}

/** Which lines of a transcript can never change again: whole blocks, and of the answer that streams what its end cannot touch. */
export class Flow {
  readonly #view: BlockView
  readonly #live: LiveLines
  #last: Block | undefined
  /** Taken and not laid out, and laid out and not printed: whatever goes wrong in between, they are given again. */
  readonly #taken: Block[] = []
  #owed: Line[] = []
  #streaming: Streaming | undefined

  constructor(view: BlockView) {
    this.#view = view
    this.#live = new LiveLines(view)
  }

  /** Takes what is final from the transcript. Its lines are given until they are printed. What is asked about is drawn by who asks. */
  advance(transcript: Transcript, look: Look, askedId: string | undefined): Flowed {
    this.add(transcript.take(), look)
    const live: Line[] = []
    let before = this.#last
    for (const [at, block] of [...transcript.open, ...transcript.shells].entries()) {
      if (block.id === askedId) continue
      if (at === 0 && block.kind === "answer") {
        this.#owe(this.#more(block, look))
        live.push(...this.#tail(block, look))
      } else {
        live.push(...gap(before, block), ...this.#live.of(block, look))
      }
      before = block
    }
    return { finished: this.#owed, live }
  }

  /** Of what is not printed yet, so many lines at most: its beginning, its end, and between them how much is left out. */
  shorten(linesMax: number, headCount: number, mark: (count: number) => Line): void {
    const excess = this.#owed.length - linesMax
    if (excess <= 0) return
    this.#owed.splice(headCount, excess + 1, mark(excess + 1))
  }

  /** What was given last is the terminal's now. */
  printed(): void {
    this.#owed = []
  }

  /** Blocks that are final, each with the space before it, and `above` them. */
  add(blocks: readonly Block[], look: Look, above: readonly Line[] = []): void {
    for (const block of blocks) this.#taken.push(block)
    this.#owe(above)
    for (let [block] = this.#taken; block !== undefined; [block] = this.#taken) {
      this.#final(block, look)
      this.#taken.shift()
    }
  }

  #owe(lines: readonly Line[]): void {
    for (const line of lines) this.#owed.push(line)
  }

  #final(block: Block, look: Look): void {
    const streaming = this.#streaming
    if (block.kind === "answer" && streaming?.id === block.id) {
      this.#owe(this.#more(block, look))
      this.#owe(this.#begun(streaming, block, streaming.markdown.end()))
      this.#streaming = undefined
      this.#last = block
      return
    }
    const lines = blockLines(block, look, this.#view)
    if (lines.length === 0) return
    this.#owe([...gap(this.#last, block), ...lines])
    this.#last = block
  }

  /** What came since the last time, as far as it is finished. */
  #more(block: AnswerBlock, look: Look): readonly Line[] {
    const streaming = this.#streamOf(block, look)
    const delta = block.text.slice(streaming.length)
    streaming.length = block.text.length
    return this.#begun(streaming, block, delta === "" ? [] : streaming.markdown.push(delta))
  }

  #tail(block: AnswerBlock, look: Look): readonly Line[] {
    const { hasBegun, markdown } = this.#streamOf(block, look)
    const lines = markdown.tail()
    return hasBegun || lines.length === 0 ? lines : [...gap(this.#last, block), ...lines]
  }

  #streamOf({ id }: AnswerBlock, look: Look): Streaming {
    if (this.#streaming?.id !== id) {
      this.#streaming = { id, markdown: new MarkdownStream({ look, ...this.#view }), length: 0, hasBegun: false }
    }
    this.#streaming.markdown.look = look
    return this.#streaming
  }

  /** The space before an answer goes with its first line. */
  #begun(streaming: Streaming, block: AnswerBlock, lines: readonly Line[]): readonly Line[] {
    if (streaming.hasBegun || lines.length === 0) return lines
    streaming.hasBegun = true
    return [...gap(this.#last, block), ...lines]
  }
}

const BLANK: readonly Line[] = [[]]

function gap(before: Block | undefined, block: Block): readonly Line[] {
  // The first of a session stands apart from what the shell said.
  return before === undefined || blankLinesBetween(before, block) > 0 ? BLANK : []
}
