import type { Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { PLAIN } from "./looks.ts"

/** One place of a screen. The second half of a wide character has no text. */
export interface Cell {
  readonly text: string
  readonly style: Style
}

export type Row = Cell[]

export const BLANK: Cell = { text: " ", style: PLAIN }

function blankRow(columns: number): Row {
  return new Array<Cell>(columns).fill(BLANK)
}

/** Cells of one screen, and moving them about. Rows and columns from 0; `bottom` counts. */
export class Grid {
  rows: Row[]
  columns: number

  constructor({ columns, rows }: Size) {
    this.columns = columns
    this.rows = Array.from({ length: rows }, () => blankRow(columns))
  }

  put(row: number, column: number, cell: Cell, width: number): void {
    const cells = this.rows[row]
    if (cells === undefined || column + width > this.columns) return
    // Half of a wide character does not stay behind.
    if (cells[column]?.text === "" && column > 0) cells[column - 1] = BLANK
    if (cells[column + width]?.text === "") cells[column + width] = BLANK
    cells[column] = cell
    if (width === 2) cells[column + 1] = { text: "", style: cell.style }
  }

  /** A character without a width of its own joins the one before it. */
  join(row: number, column: number, text: string): void {
    const cells = this.rows[row]
    const at = cells?.[column]?.text === "" ? column - 1 : column
    const before = cells?.[at]
    if (cells !== undefined && before !== undefined) cells[at] = { ...before, text: before.text + text }
  }

  erase(row: number, from: number, to: number, style: Style): void {
    const blank = style.background === undefined ? BLANK : { text: " ", style: { background: style.background } }
    this.rows[row]?.fill(blank, Math.max(0, from), Math.max(0, to))
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
    const cells = this.rows[row]
    if (cells === undefined) return
    cells.splice(column, 0, ...new Array<Cell>(Math.min(count, this.columns)).fill(BLANK))
    cells.length = this.columns
  }

  remove(row: number, column: number, count: number): void {
    const cells = this.rows[row]
    if (cells === undefined) return
    cells.splice(column, count)
    while (cells.length < this.columns) cells.push(BLANK)
  }

  widen(columns: number): void {
    this.columns = columns
    for (const cells of this.rows) {
      while (cells.length < columns) cells.push(BLANK)
      cells.length = columns
    }
  }
}

/** What a row says, without the blanks at its end. */
export function textOfRow(row: readonly Cell[]): string {
  return row
    .map(({ text }) => text)
    .join("")
    .trimEnd()
}
