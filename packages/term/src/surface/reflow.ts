import { BLANK, type Cell, type Row } from "../cells/row.ts"
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
  /** Rows from the cursor up to the first one that has to go. Undefined: the cursor is not at its text, nothing is known. */
  readonly up: number | undefined
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
  if (reply !== undefined && !isAtText(painted, size, reflow, reply)) return UNKNOWN
  const { lines, up } = reflow === "all-but-cursor" ? laidByXtermJs(painted, size) : laid(painted, size, reflow, reply)
  const lowest = reply?.row ?? size.rows - 1
  return {
    up,
    strays: firstRows(lines, up - lowest),
    top: { min: Math.max(0, (reply?.row ?? 0) - up), max: Math.max(0, lowest - up) },
  }
}

/** Lines as the rows they are now, and how far below the first row the cursor is. */
interface Layout {
  readonly lines: readonly (readonly Row[])[]
  readonly up: number
}

function laid(painted: Painted, size: Size, reflow: Reflow, reply: Caret | undefined): Layout {
  const above = [...painted.strays.lines, ...painted.live.slice(0, painted.cursor.row)]
  if (reflow === "none") return { lines: above.map((row) => [row]), up: above.length }
  const lines = above.map((row) => pieces(row, size.columns))
  return { lines, up: lines.flat().length + withinRow(painted, size, reply) }
}

/**
 * xterm.js goes through the lines from the last one up, moves its cursor down by a row for each that wrapping adds, also
 * below the cursor, and leaves alone the line that the cursor is then on.
 */
function laidByXtermJs(painted: Painted, size: Size): Layout {
  const { strays, live, cursor } = painted
  const lines = [...strays.lines, ...live.slice(0, cursor.row + 1 + keptBelow(painted, size))]
  const old = lines.map((line, index) => (index < strays.lines.length ? pieces(line, painted.size.columns).length : 1))
  const now = lines.map((line) => pieces(line, size.columns))
  let start = sum(old)
  let up = sum(old.slice(0, strays.lines.length)) + cursor.row
  for (let index = lines.length - 1; index >= 0; index--) {
    const rows = old[index] ?? 1
    start -= rows
    if (up >= start && up < start + rows) now[index] = [lines[index] ?? []]
    else up += (now[index]?.length ?? 1) - rows
  }
  return { lines: now, up }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Rows below the cursor that did not fall off the bottom when the screen got lower. That happens before rows are wrapped. */
function keptBelow({ cursor, top, size: old }: Painted, { rows }: Size): number {
  const below = Math.max(0, old.rows - 1 - (top.max + cursor.row))
  return below - Math.min(below, Math.max(0, old.rows - rows))
}

/**
 * Rows of its own text that the cursor is below the first one. Right behind text that fills a row exactly, some terminals
 * keep it in that row and some put it in the next.
 */
function withinRow({ live, cursor }: Painted, { columns }: Size, reply: Caret | undefined): number {
  const place = placeOf(live[cursor.row] ?? [], cursor.column, columns)
  return place.row + (place.column === columns && reply?.column === 0 ? 1 : 0)
}

/** Where a column of a row is when the row is wrapped. Behind text that fills a row it is the column after the last one. */
function placeOf(row: Row, column: number, columns: number): Caret {
  const isOnText = column < row.length
  const blanks = new Array<Cell>(Math.max(0, column - row.length)).fill(BLANK)
  const parts = pieces([...row.slice(0, isOnText ? column + 1 : column), ...blanks], columns)
  return { row: parts.length - 1, column: (parts.at(-1)?.length ?? 0) - (isOnText ? 1 : 0) }
}

/** tmux has put it elsewhere. */
const UNKNOWN: Reflowed = { up: undefined, strays: NO_STRAYS, top: { min: 0, max: 0 } }

function isAtText({ live, cursor }: Painted, { columns }: Size, reflow: Reflow, reply: Caret): boolean {
  if (reflow !== "all") return reply.column === Math.min(cursor.column, columns - 1)
  const row = live[cursor.row] ?? []
  const { column } = placeOf(row, cursor.column, columns)
  if (reply.column === column || (column === columns && (reply.column === 0 || reply.column === columns - 1)))
    return true
  // Blanks at a row's end are no text to tmux: a cursor behind them is drawn to what is.
  return cursor.column > row.length && reply.column === placeOf(row, row.length, columns).column % columns
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
