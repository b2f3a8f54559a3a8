import type { Row } from "../cells/row.ts"
import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"

/** Rows from the top of the screen, as far as they are known. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** What was on the screen when it changed its size. */
export interface Painted {
  readonly size: Size
  readonly live: readonly Row[]
  /** Within the live rows. */
  readonly cursor: Caret
  /** Rows of earlier frames that were pushed into the scrollback, directly above the live ones: they may come back. */
  readonly strays: readonly Row[]
  readonly top: Bounds
}

/** Where the old rows are now. */
export interface Reflowed {
  /** Rows from the cursor up to the first one that has to go. */
  readonly up: number
  /** Those of them that are above the screen, out of reach. */
  readonly strays: readonly Row[]
  /** Where the cursor is after going up. */
  readonly top: Bounds
}

/**
 * Where the live rows are after a resize, seen from the cursor, which terminals keep at its text. `reply` is where the
 * terminal says the cursor is now. Where something cannot be known, the answer errs towards leaving a row of ours, never
 * towards taking one of the history.
 */
export function reflowed(painted: Painted, size: Size, reflow: Reflow, reply?: Caret): Reflowed {
  const { live, cursor, strays } = painted
  const isWrapping = size.columns < painted.size.columns && reflow !== "none"
  const before = [...strays, ...live.slice(0, cursor.row)]
  const above = isWrapping ? before.flatMap((row) => pieces(row, size.columns)) : before
  const up = above.length + (isWrapping ? shift(painted, size, reflow, reply) : 0)
  const lowest = reply?.row ?? size.rows - 1
  return {
    up,
    strays: above.slice(0, Math.max(0, up - lowest)),
    top: { min: Math.max(0, (reply?.row ?? 0) - up), max: Math.max(0, lowest - up) },
  }
}

/** The rows that one becomes on a narrower screen. A wide character is not split. */
export function pieces(row: Row, columns: number): readonly Row[] {
  if (row.length <= columns) return [row]
  const all: Row[] = []
  for (let from = 0; from < row.length; ) {
    const isSplit = columns > 1 && row[from + columns]?.columns === 0
    const to = from + columns - (isSplit ? 1 : 0)
    all.push(row.slice(from, to))
    from = to
  }
  return all
}

/** Rows that the cursor is lower than the rows above it account for. */
function shift(painted: Painted, size: Size, reflow: Reflow, reply: Caret | undefined): number {
  return reflow === "all" ? withinRow(painted, size, reply) : pushedFromBelow(painted, size)
}

/** The cursor went with its text. Right behind text that fills a row exactly, some stay in that row, some go to the next. */
function withinRow({ live, cursor }: Painted, { columns }: Size, reply: Caret | undefined): number {
  const row = live[cursor.row] ?? []
  if (cursor.column < row.length) return pieces(row.slice(0, cursor.column + 1), columns).length - 1
  const isBehind = cursor.column > 0 && cursor.column % columns === 0
  return Math.floor(cursor.column / columns) - (isBehind && reply?.column !== 0 ? 1 : 0)
}

/**
 * xterm.js moves its cursor down by a row for every row that wrapping adds, also by those below the cursor. Rows that fell
 * off the bottom before add none.
 */
function pushedFromBelow({ live, cursor, top, size: old }: Painted, { columns, rows }: Size): number {
  const below = Math.max(0, old.rows - 1 - (top.max + cursor.row))
  const left = below - Math.min(below, Math.max(0, old.rows - rows))
  const rowsBelow = live.slice(cursor.row + 1, cursor.row + 1 + left)
  return rowsBelow.reduce((added, row) => added + pieces(row, columns).length - 1, 0)
}
