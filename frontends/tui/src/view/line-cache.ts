import type { Line } from "@skein/term"
import type { Block } from "../transcript/block.ts"
import { blockLines } from "./blocks/block-lines.ts"
import type { BlockView } from "./blocks/view.ts"
import type { Look } from "./look.ts"

/** What a block looked like when it was last drawn. */
interface Kept {
  readonly block: Block
  readonly key: string
  readonly theme: Look["theme"]
  readonly lines: readonly Line[]
}

/**
 * Draws blocks, each once for as long as neither it nor the look changes. A fold gives a changed block as a new value, so
 * the value itself is its version. What moves by itself, a call that runs, is drawn each time.
 */
export class LineCache {
  readonly #blocksMax: number
  readonly #kept = new Map<string, Kept>()
  /** What the colors of code are known of: it grows with each language that is loaded. */
  #generation = 0

  /** Beyond `blocksMax` what was not drawn for longest is drawn anew. */
  constructor(blocksMax = BLOCKS_MAX) {
    this.#blocksMax = blocksMax
  }

  lines(block: Block, look: Look, view: BlockView): readonly Line[] {
    if (isMoving(block)) return blockLines(block, look, view)
    const key = `${look.columns} ${view.isExpanded} ${view.isFocused} ${look.glyphs.prompt} ${this.#generation}`
    const kept = this.#kept.get(block.id)
    const isSame = kept?.block === block && kept.key === key && kept.theme === look.theme
    const lines = isSame ? kept.lines : blockLines(block, look, view)
    // The newest are at the end: what is over the bound goes from the front.
    this.#kept.delete(block.id)
    this.#kept.set(block.id, { block, key, theme: look.theme, lines })
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.#blocksMax) break
      this.#kept.delete(id)
    }
    return lines
  }

  /** A language was loaded: code is drawn anew. */
  forget(): void {
    this.#generation += 1
  }
}

const BLOCKS_MAX = 2_000

function isMoving(block: Block): boolean {
  return block.kind === "call" && block.state === "executing"
}
