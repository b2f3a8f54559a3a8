import type { Line } from "@skein/term"
import { blankLinesBetween, blockLines } from "../../view/blocks/block-lines.ts"
import type { BlockView } from "../../view/blocks/view.ts"
import type { Look } from "../../view/look.ts"
import { LiveLines, looksAlike } from "../live-lines.ts"
import type { BlockList } from "./block-list.ts"

/** A row of a transcript: of which block, and which of its rows, the blank one before it among them. */
interface Place {
  readonly index: number
  readonly row: number
}

/**
 * A transcript in a window: at its end, which it follows, or where the person scrolled to, where it stays whatever comes. Only
 * what is seen is laid out, so its length does not matter.
 */
export class Scroller {
  readonly #view: BlockView
  readonly #live: LiveLines
  /** The topmost row, while the person has scrolled away from the end. */
  #top: Place | undefined
  #kept = new Map<string, readonly Line[]>()
  #keptFor: Look | undefined

  constructor(view: BlockView) {
    this.#view = view
    this.#live = new LiveLines(view)
  }

  /** False when the person looks at what was before. */
  get isFollowing(): boolean {
    return this.#top === undefined
  }

  /** As many rows as there are, at most `rows`, no line wider than the look. */
  view(blocks: BlockList, look: Look, rows: number): readonly Line[] {
    this.#keep(look)
    const top = this.#top ?? this.#lastPage(blocks, look, rows)
    const lines: Line[] = []
    for (let index = top.index; index < blocks.length && lines.length < rows; index++) {
      const all = this.#lines(blocks, index, look)
      lines.push(...all.slice(index === top.index ? top.row : 0))
    }
    return lines.slice(0, rows)
  }

  /** Up when negative. Past the end it follows again. */
  scroll(by: number, blocks: BlockList, look: Look, rows: number): void {
    this.#keep(look)
    const end = this.#lastPage(blocks, look, rows)
    const to = this.#moved(this.#top ?? end, by, blocks, look)
    this.#top = isBefore(to, end) ? to : undefined
  }

  toTop(blocks: BlockList, look: Look, rows: number): void {
    this.#keep(look)
    const end = this.#lastPage(blocks, look, rows)
    const start = { index: 0, row: 0 }
    this.#top = isBefore(start, end) ? start : undefined
  }

  toEnd(): void {
    this.#top = undefined
  }

  /** What was laid out looks different now. */
  forget(): void {
    this.#kept = new Map()
    this.#live.forget()
  }

  /** The topmost row of a window that shows the end. */
  #lastPage(blocks: BlockList, look: Look, rows: number): Place {
    return this.#moved({ index: blocks.length, row: 0 }, -rows, blocks, look)
  }

  #moved({ index, row }: Place, by: number, blocks: BlockList, look: Look): Place {
    let place = row + by
    let at = index
    while (place < 0 && at > 0) {
      at--
      place += this.#lines(blocks, at, look).length
    }
    for (; at < blocks.length; at++) {
      const { length } = this.#lines(blocks, at, look)
      if (place < length) break
      place -= length
    }
    return { index: at, row: Math.max(place, 0) }
  }

  #lines(blocks: BlockList, index: number, look: Look): readonly Line[] {
    const block = blocks.at(index)
    if (block === undefined) return []
    const kept = block.isFinal ? this.#kept.get(block.id) : undefined
    if (kept !== undefined) return kept
    const space = index === 0 ? 0 : blankLinesBetween(blocks.at(index - 1), block)
    const own = block.isFinal ? blockLines(block, look, this.#view) : this.#live.of(block, look)
    const lines = [...Array.from({ length: space }, (): Line => []), ...own]
    if (block.isFinal) this.#remember(block.id, lines)
    return lines
  }

  #remember(id: string, lines: readonly Line[]): void {
    const [oldest] = this.#kept.size >= KEPT_MAX ? this.#kept.keys() : []
    if (oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(id, lines)
  }

  #keep(look: Look): void {
    if (this.#keptFor !== undefined && looksAlike(this.#keptFor, look)) return
    this.#keptFor = look
    this.#kept = new Map()
  }
}

const KEPT_MAX = 400

function isBefore(one: Place, other: Place): boolean {
  return one.index < other.index || (one.index === other.index && one.row < other.row)
}
