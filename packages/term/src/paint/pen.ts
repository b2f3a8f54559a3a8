import { areSure, BLANK, type Cell, isSameStyle, isSeenOnBlanks, PLAIN } from "../cells/row.ts"
import type { Style } from "../line.ts"
import type { ColorDepth } from "./colors.ts"
import { styleBytes } from "./sgr.ts"

export interface PenOptions {
  readonly columns: number
  readonly colorDepth: ColorDepth
  /** Rows are those of the screen, and the cursor may be sent to any of them. Else they are counted from where the pen began. */
  readonly isAbsolute: boolean
  /** Where the cursor is; undefined: nowhere known, as on a screen that was just entered. */
  readonly row: number | undefined
  readonly column: number | undefined
  /** The lowest row that is there. Going below it makes new ones, which scrolls at the bottom of the screen. */
  readonly reached: number
}

/** Knows what the terminal's cursor, style and wrapping are, and adds the fewest bytes that make them what is wanted. */
export class Pen {
  bytes = ""
  /** Cells written so far. */
  cells = 0
  row: number | undefined
  /** Undefined where terminals differ: at the right edge, and behind a character of unsure width. */
  column: number | undefined
  reached: number
  readonly #options: PenOptions
  #style: Style = PLAIN
  #isWrapping = true

  constructor(options: PenOptions) {
    this.#options = options
    this.row = options.row
    this.column = options.column
    this.reached = options.reached
  }

  moveTo(row: number, column: number): void {
    if (this.row === row && this.column === column) return
    const ways = this.#ways(row, column)
    this.bytes += ways.reduce((best, way) => (way.length < best.length ? way : best))
    this.row = row
    this.column = column
    this.reached = Math.max(this.reached, row)
  }

  /** `wraps`: what does not fit, because the terminal is narrower by now, goes on in the next row instead of being lost. */
  write(cells: readonly Cell[], wraps: boolean): void {
    if (cells.length === 0) return
    const isSure = areSure(cells)
    this.#wrapping(wraps && isSure)
    if (isSure) this.#writeSure(cells)
    else for (const cell of cells) if (cell.columns > 0) this.#put(cell)
    this.cells += cells.length
  }

  /** Blanks from the cursor to the end of its row. */
  eraseRest(): void {
    if (this.column === undefined || this.column >= this.#options.columns) return
    this.#use(PLAIN)
    this.bytes += "\u001b[K"
  }

  /** Blanks from the cursor to the end of the screen. */
  eraseBelow(): void {
    this.#use(PLAIN)
    this.bytes += "\u001b[J"
  }

  /** As a shell expects it. */
  rest(): void {
    this.#use(PLAIN)
    this.#wrapping(true)
  }

  /** Nearly all of them, so no call for each. Blanks keep the style of what is before them where it is not seen. */
  #writeSure(cells: readonly Cell[]): void {
    let style: Style | undefined
    let text = ""
    for (const cell of cells) {
      if (cell.columns === 0) continue
      if (cell.style !== style && !(cell === BLANK && style !== undefined && !isSeenOnBlanks(style))) {
        this.bytes += text
        text = ""
        style = cell.style
        this.#use(style)
      }
      text += cell.text
    }
    this.bytes += text
    const end = (this.column ?? 0) + cells.length
    this.column = end < this.#options.columns ? end : undefined
  }

  #put(cell: Cell): void {
    this.#use(cell.style)
    const start = this.column ?? 0
    // A terminal that takes it for narrower leaves a cell as it was: it is blank then.
    if (!cell.isSure && cell.columns === 2) this.bytes += `  ${toColumn(start)}`
    this.bytes += cell.text
    const end = start + cell.columns
    if (!cell.isSure && end < this.#options.columns) this.bytes += toColumn(end)
    this.column = end < this.#options.columns ? end : undefined
  }

  #use(style: Style): void {
    if (isSameStyle(this.#style, style)) return
    this.bytes += styleBytes(this.#style, style, this.#options.colorDepth)
    this.#style = style
  }

  #wrapping(isWrapping: boolean): void {
    if (this.#isWrapping === isWrapping) return
    this.bytes += isWrapping ? "\u001b[?7h" : "\u001b[?7l"
    this.#isWrapping = isWrapping
  }

  #ways(row: number, column: number): string[] {
    if (this.row === undefined) return [toPlace(row, column)]
    const down = row - this.row
    if (down <= 0) return [...this.#direct(row, column), up(-down) + sideways(this.column, column)]
    const lines = "\r\n".repeat(down) + sideways(0, column)
    // On a screen that is lower by now, the cursor would stop at its last row; a new line goes where it was meant.
    if (!this.#options.isAbsolute) return [lines]
    if (row > this.reached) return this.#direct(row, column)
    return [...this.#direct(row, column), `\u001b[${down === 1 ? "" : down}B${sideways(this.column, column)}`, lines]
  }

  #direct(row: number, column: number): string[] {
    return this.#options.isAbsolute ? [toPlace(row, column)] : []
  }
}

function toPlace(row: number, column: number): string {
  return column === 0 ? (row === 0 ? "\u001b[H" : `\u001b[${row + 1}H`) : `\u001b[${row + 1};${column + 1}H`
}

function toColumn(column: number): string {
  return `\u001b[${column === 0 ? "" : column + 1}G`
}

export function up(rows: number): string {
  return rows === 0 ? "" : `\u001b[${rows === 1 ? "" : rows}A`
}

function sideways(from: number | undefined, to: number): string {
  if (from === to) return ""
  if (to === 0) return "\r"
  if (from === undefined) return toColumn(to)
  const by = to - from
  if (by < 0 && by >= -3) return "\b".repeat(-by)
  const step = `\u001b[${Math.abs(by) === 1 ? "" : Math.abs(by)}${by > 0 ? "C" : "D"}`
  return step.length < toColumn(to).length ? step : toColumn(to)
}
