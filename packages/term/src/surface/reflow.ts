import type { Row } from "../cells/row.ts"
import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"

/** Rows from the top of the screen, as far as they are known. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** Lines of earlier frames that were pushed into the scrollback, directly above the live ones: they may come back. */
export interface Strays {
  readonly lines: readonly Row[]
  /** The rest of the last line was on the screen and painted over. To a terminal it may go on in the row below all the same. */
  readonly isCut: boolean
}

export const NO_STRAYS: Strays = { lines: [], isCut: false }

/** What was on the screen when it changed its size. */
export interface Painted {
  readonly size: Size
  readonly live: readonly Row[]
  /** Within the live rows. */
  readonly cursor: Caret
  readonly strays: Strays
  readonly top: Bounds
}

/** Where the old rows are now. */
export interface Reflowed {
  /** Rows from the cursor up to the first one that has to go. */
  readonly up: number
  /** The lines of those that are above the screen, out of reach. */
  readonly strays: Strays
  /** Where the cursor is after going up. */
  readonly top: Bounds
}

/**
 * Where the live rows are after a resize, seen from the cursor, which terminals keep at its text. `reply` is where the
 * terminal says the cursor is now. Where something cannot be known, the answer errs towards leaving a row of ours, never
 * towards taking one of the history.
 */
export function reflowed(before: Painted, size: Size, reflow: Reflow, reply?: Caret): Reflowed {
  const painted = reflow === "all" ? joined(before) : before
  const above = [...painted.strays.lines, ...painted.live.slice(0, painted.cursor.row)]
  const rows = above.map((row) => (reflow === "none" ? [row] : pieces(row, size.columns)))
  const up = rows.flat().length + shift(painted, size, reflow, reply)
  const lowest = reply?.row ?? size.rows - 1
  return {
    up,
    strays: firstRows(rows, up - lowest),
    top: { min: Math.max(0, (reply?.row ?? 0) - up), max: Math.max(0, lowest - up) },
  }
}

/** These terminals keep with a row that it goes on, and painting over the next one does not change it. */
function joined(painted: Painted): Painted {
  const { strays, live, cursor } = painted
  const last = strays.lines.at(-1)
  const first = live[0]
  if (!strays.isCut || last === undefined || first === undefined) return painted
  const column = cursor.column + (cursor.row === 0 ? last.length : 0)
  return {
    ...painted,
    strays: { lines: strays.lines.slice(0, -1), isCut: false },
    live: [[...last, ...first], ...live.slice(1)],
    cursor: { row: cursor.row, column },
  }
}

/** The lines that the first so many rows belong to. Rows of one line stay one: a wider screen joins them again. */
function firstRows(lines: readonly (readonly Row[])[], count: number): Strays {
  const first: Row[] = []
  let left = count
  for (const rows of lines) {
    if (left <= 0) break
    first.push(rows.slice(0, left).flat())
    left -= rows.length
  }
  return { lines: first, isCut: first.length > 0 && left < 0 }
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
  if (reflow === "all") return withinRow(painted, size, reply)
  return reflow === "none" || size.columns >= painted.size.columns ? 0 : pushedFromBelow(painted, size)
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
