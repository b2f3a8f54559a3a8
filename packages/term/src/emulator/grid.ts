import type { Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { PLAIN } from "./looks.ts"

/** One place of a screen. The second half of a wide character has no text. */
export interface Cell {
  readonly text: string
  readonly style: Style
}

/** Cells beside each other. */
export interface Row {
  readonly cells: Cell[]
  /** It goes on with what did not fit into the row above. */
  isWrapped: boolean
}

export const BLANK: Cell = { text: " ", style: PLAIN }

export function blankRow(columns: number): Row {
  return { cells: new Array<Cell>(columns).fill(BLANK), isWrapped: false }
}

/** Cells of one screen, and moving them about. Rows and columns from 0; `bottom` counts. Half of a wide character never stays. */
export class Grid {
  rows: Row[]
  columns: number

  constructor({ columns, rows }: Size) {
    this.columns = columns
    this.rows = Array.from({ length: rows }, () => blankRow(columns))
  }

  put(row: number, column: number, cell: Cell, width: number): void {
    const cells = this.rows[row]?.cells
    if (cells === undefined || column + width > this.columns) return
    split(cells, column)
    split(cells, column + width)
    cells[column] = cell
    if (width === 2) cells[column + 1] = { text: "", style: cell.style }
  }

  /** A character without a width of its own joins the one before it. */
  join(row: number, column: number, text: string): void {
    const cells = this.rows[row]?.cells
    const at = cells?.[column]?.text === "" ? column - 1 : column
    const before = cells?.[at]
    if (cells !== undefined && before !== undefined) cells[at] = { ...before, text: before.text + text }
  }

  erase(row: number, from: number, to: number, style: Style): void {
    const cells = this.rows[row]?.cells
    if (cells === undefined) return
    const blank = style.background === undefined ? BLANK : { text: " ", style: { background: style.background } }
    split(cells, from)
    split(cells, to)
    cells.fill(blank, Math.max(0, from), Math.max(0, to))
  }

  /** Up by one between `top` and `bottom`; returns the row that left. */
  up(top: number, bottom: number): Row | undefined {
    const [left] = this.rows.splice(top, 1)
    this.rows.splice(bottom, 0, blankRow(this.columns))
    return left
  }

  down(top: number, bottom: number): void {
    this.rows.splice(bottom, 1)
    this.rows.splice(top, 0, blankRow(this.columns))
  }

  insert(row: number, column: number, count: number): void {
    const cells = this.rows[row]?.cells
    if (cells === undefined) return
    const added = Math.min(count, this.columns - column)
    split(cells, column)
    split(cells, this.columns - added)
    cells.splice(column, 0, ...new Array<Cell>(added).fill(BLANK))
    cells.length = this.columns
  }

  remove(row: number, column: number, count: number): void {
    const cells = this.rows[row]?.cells
    if (cells === undefined) return
    split(cells, column)
    split(cells, column + count)
    cells.splice(column, count)
    while (cells.length < this.columns) cells.push(BLANK)
  }

  widen(columns: number): void {
    this.columns = columns
    for (const { cells } of this.rows) resized(cells, columns)
  }
}

/** Cut off at the right, or blank there. */
export function resized(cells: Cell[], columns: number): void {
  split(cells, columns)
  while (cells.length < columns) cells.push(BLANK)
  cells.length = columns
}

/** Cells are changed on one side of a column: a wide character across it is gone. */
function split(cells: Cell[], column: number): void {
  if (column <= 0 || cells[column]?.text !== "") return
  cells[column - 1] = BLANK
  cells[column] = BLANK
}

/** What a row says, without the blanks at its end. */
export function textOfRow(row: readonly Cell[]): string {
  return row
    .map(({ text }) => text)
    .join("")
    .trimEnd()
}
