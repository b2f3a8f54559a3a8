import type { Line } from "@skein/term"
import type { AnswerBlock, Block } from "../transcript/block.ts"
import { blockLines } from "../view/blocks/block-lines.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { MarkdownStream } from "../view/markdown/stream.ts"
import { within } from "../view/text/line.ts"

/** An answer under way: its lines, of which the first `finished` stay. */
interface Streaming {
  readonly id: string
  readonly markdown: MarkdownStream
  readonly lines: Line[]
  /** Of its text, how much was given to Markdown. */
  length: number
  finished: number
}

/**
 * Blocks that are drawn again and again while they go on, or while one before them does. Of an answer that grows, only the
 * end is laid out anew; what is final is laid out once.
 */
export class LiveLines {
  readonly #view: BlockView
  #look: Look | undefined
  #streaming: Streaming | undefined
  #final = new WeakMap<Block, readonly Line[]>()

  constructor(view: BlockView) {
    this.#view = view
  }

  /** Good until it is asked again. */
  of(block: Block, look: Look): readonly Line[] {
    if (this.#look === undefined || !looksAlike(this.#look, look)) this.forget()
    this.#look = look
    if (block.isFinal) return this.#whole(block, look)
    return block.kind === "answer" ? this.#answer(block, look) : blockLines(block, look, this.#view)
  }

  /** What was laid out looks different now. */
  forget(): void {
    this.#streaming = undefined
    this.#final = new WeakMap()
  }

  #whole(block: Block, look: Look): readonly Line[] {
    if (this.#streaming?.id === block.id) this.#streaming = undefined
    const lines = this.#final.get(block) ?? blockLines(block, look, this.#view)
    this.#final.set(block, lines)
    return lines
  }

  #answer(block: AnswerBlock, look: Look): readonly Line[] {
    const streaming = this.#streamOf(block, look)
    const { markdown, lines } = streaming
    const fits = (more: readonly Line[]) => within([...more], look.columns, look.glyphs.more)
    lines.length = streaming.finished
    if (block.text.length > streaming.length) {
      for (const line of fits(markdown.push(block.text.slice(streaming.length)))) lines.push(line)
      streaming.length = block.text.length
      streaming.finished = lines.length
    }
    for (const line of fits(markdown.tail())) lines.push(line)
    return lines
  }

  #streamOf({ id, text }: AnswerBlock, look: Look): Streaming {
    const known = this.#streaming
    if (known?.id === id && known.length <= text.length) return known
    const markdown = new MarkdownStream({ look, ...this.#view })
    this.#streaming = { id, markdown, lines: [], length: 0, finished: 0 }
    return this.#streaming
  }
}

/** But for the time. */
export function looksAlike(one: Look, other: Look): boolean {
  return (
    one.columns === other.columns &&
    one.theme === other.theme &&
    one.glyphs === other.glyphs &&
    one.pictures?.rowsMax === other.pictures?.rowsMax &&
    one.pictures?.bytesMax === other.pictures?.bytesMax
  )
}
