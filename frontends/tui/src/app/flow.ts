import type { Line } from "@skein/term"
import type { Block } from "../transcript/block.ts"
import type { Transcript } from "../transcript/transcript.ts"
import { blockLines } from "../view/blocks/block-lines.ts"
import type { Look } from "../view/look.ts"
import { MarkdownStream } from "../view/markdown/stream.ts"

/** What leaves for the scrollback, and what stays to be drawn again. */
export interface Flowed {
  readonly finished: readonly Line[]
  readonly live: readonly Line[]
}

/** Which lines of a transcript can never change again: whole blocks, and of the answer that streams what its end cannot touch. */
export class Flow {
  #last: Block | undefined
  #stream: { readonly id: string; readonly markdown: MarkdownStream; length: number; hasBegun: boolean } | undefined

  /** Takes what is final from the transcript. Each line is given once. */
  advance(transcript: Transcript, look: Look): Flowed {
    const finished: Line[] = []
    for (const block of transcript.take()) finished.push(...this.#whole(block, look))
    const live: Line[] = []
    let before = this.#last
    for (const [at, block] of transcript.open.entries()) {
      if (at === 0 && block.kind === "answer" && !block.isFinal) {
        finished.push(...this.#streamed(block, look))
        live.push(...this.#openLines(look))
      } else {
        live.push(...gap(before, block), ...blockLines(block, look))
      }
      before = block
    }
    return { finished, live }
  }

  /** Blocks from elsewhere, as of a session that is gone on with. */
  whole(blocks: readonly Block[], look: Look): readonly Line[] {
    return blocks.flatMap((block) => this.#whole(block, look))
  }

  #whole(block: Block, look: Look): readonly Line[] {
    const stream = this.#stream
    if (stream?.id !== block.id || block.kind !== "answer") {
      const lines = [...gap(this.#last, block), ...blockLines(block, look)]
      if (lines.length > 0) this.#last = block
      return lines
    }
    this.#stream = undefined
    const lines = [...stream.markdown.push(block.text.slice(stream.length), look), ...stream.markdown.end(look)]
    return [...this.#begin(stream, block, lines), ...endMark(block, look)]
  }

  #streamed(block: Extract<Block, { kind: "answer" }>, look: Look): readonly Line[] {
    if (this.#stream?.id !== block.id) {
      this.#stream = { id: block.id, markdown: new MarkdownStream(), length: 0, hasBegun: false }
    }
    const stream = this.#stream
    const more = block.text.slice(stream.length)
    stream.length = block.text.length
    return this.#begin(stream, block, more === "" ? [] : stream.markdown.push(more, look))
  }
}
