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
  #streaming: Streaming | undefined

  constructor(view: BlockView) {
    this.#view = view
    this.#live = new LiveLines(view)
  }

  /** Takes what is final from the transcript. Each line is given once. What is asked about is drawn by who asks. */
  advance(transcript: Transcript, look: Look, askedId: string | undefined): Flowed {
    const finished = [...this.whole(transcript.take(), look)]
    const live: Line[] = []
    let before = this.#last
    for (const [at, block] of [...transcript.open, ...transcript.shells].entries()) {
      if (block.id === askedId) continue
      if (at === 0 && block.kind === "answer") {
        finished.push(...this.#more(block, look))
        live.push(...this.#tail(block, look))
      } else {
        live.push(...gap(before, block), ...this.#live.of(block, look))
      }
      before = block
    }
    return { finished, live }
  }

  /** Blocks that are final, each with the space before it. */
  whole(blocks: readonly Block[], look: Look): readonly Line[] {
    return blocks.flatMap((block) => this.#final(block, look))
  }

  #final(block: Block, look: Look): readonly Line[] {
    const streaming = this.#streaming
    if (block.kind === "answer" && streaming?.id === block.id) {
      const lines = [...this.#more(block, look), ...this.#begun(streaming, block, streaming.markdown.end())]
      this.#streaming = undefined
      this.#last = block
      return lines
    }
    const lines = blockLines(block, look, this.#view)
    if (lines.length === 0) return []
    const spaced = [...gap(this.#last, block), ...lines]
    this.#last = block
    return spaced
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
