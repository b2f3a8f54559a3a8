import type { Line } from "@skein/term"
import type { Layout, Place } from "./source.ts"

/** Which blocks are shown whole. */
export interface Expansion {
  readonly isAll: boolean
  /** Those that are not as all are. */
  readonly others: ReadonlySet<number>
}

/** Whether all of a block is shown. */
export function isExpanded({ isAll, others }: Expansion, index: number): boolean {
  return isAll !== others.has(index)
}

/** Rows of the transcript, walked from one place to another: the cost is that of the way, not of the transcript. */
export class Walk {
  readonly #layout: Layout
  readonly #expansion: Expansion

  constructor(layout: Layout, expansion: Expansion) {
    this.#layout = layout
    this.#expansion = expansion
  }

  /** Rows of a block, and the empty one after it. */
  rows(index: number): number {
    const hasGap = index < this.#last && this.#layout.source.hasGapAfter?.(index) !== false
    // A block that draws nothing has a row all the same: every place can be stood on.
    return Math.max(1, this.lines(index).length + (hasGap ? 1 : 0))
  }

  lines(index: number): readonly Line[] {
    return this.#layout.lines(index, isExpanded(this.#expansion, index))
  }

  line({ index, row }: Place): Line {
    return this.lines(index)[row] ?? []
  }

  /** So many rows further down, or up when negative; at the ends no further. */
  moved(from: Place, by: number): Place {
    return by < 0 ? this.#up(from, -by) : this.#down(from, by)
  }

  get end(): Place {
    return { index: this.#last, row: Math.max(0, this.rows(this.#last) - 1) }
  }

  /** A place that there is: its block may have fewer rows now. */
  clamped({ index, row }: Place): Place {
    const known = Math.max(0, Math.min(index, this.#last))
    return { index: known, row: Math.max(0, Math.min(row, this.rows(known) - 1)) }
  }

  /** How far below, in rows; no further than `most` is looked. */
  distance(from: Place, to: Place, most: number): number {
    let rows = to.row - from.row
    for (let index = from.index; index < to.index && rows <= most; index++) rows += this.rows(index)
    return rows
  }

  get #last(): number {
    return Math.max(0, this.#layout.source.count - 1)
  }

  #up({ index, row }: Place, by: number): Place {
    let at = index
    let left = row - by
    while (left < 0 && at > 0) {
      at -= 1
      left += this.rows(at)
    }
    return { index: at, row: Math.max(0, left) }
  }

  #down({ index, row }: Place, by: number): Place {
    let at = index
    let left = row + by
    while (at < this.#last && left >= this.rows(at)) {
      left -= this.rows(at)
      at += 1
    }
    return { index: at, row: Math.max(0, Math.min(left, this.rows(at) - 1)) }
  }
}

/** Whether the first stands before the second. */
export function isBefore(a: Place, b: Place): boolean {
  return a.index < b.index || (a.index === b.index && a.row < b.row)
}
