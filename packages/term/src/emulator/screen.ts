import type { Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { charactersOf, widthOf } from "./characters.ts"
import { blankRow, Grid, type Row } from "./grid.ts"
import { PLAIN } from "./looks.ts"
import { reflow } from "./reflow.ts"

/** The character that was printed last, while nothing else came after it. */
interface Printed {
  readonly text: string
  readonly row: number
  readonly column: number
  readonly width: number
}

/** One of the two screens, while the other is seen. */
interface Held {
  readonly grid: Grid
  readonly row: number
  readonly column: number
}

const SCROLLBACK_MAX = 100_000
/** More is somebody's noise. */
const REPEATED_MAX = 10_000

/** The rows of a terminal, its cursor, and what printing, moving and erasing do to them. Rows and columns from 0. */
export class Screen {
  grid: Grid
  row = 0
  column = 0
  style: Style = PLAIN
  size: Size
  /** Rows go on in the next one (DEC mode 7). */
  isWrapping = true
  /** The last column is written: the next character begins a row. */
  #isWrapDue = false
  #printed: Printed | undefined
  #top = 0
  #bottom: number
  #main: Held | undefined
  /** What has left the main screen through its top, oldest first. */
  #above: Row[] = []
  readonly #reflows: boolean

  /** `reflows`: what was wrapped is wrapped anew when the size changes. */
  constructor(size: Size, reflows: boolean) {
    this.size = size
    this.grid = new Grid(size)
    this.#bottom = size.rows - 1
    this.#reflows = reflows
  }

  get above(): readonly Row[] {
    return this.#above
  }

  forgetAbove(): void {
    this.#above = []
  }

  move(toRow: number, toColumn: number): void {
    this.row = Math.max(0, Math.min(this.size.rows - 1, toRow))
    this.column = Math.max(0, Math.min(this.size.columns - 1, toColumn))
    this.#isWrapDue = false
  }

  /** By rows; from within the region the cursor does not leave it so. */
  moveBy(rows: number): void {
    const { row } = this
    const above = row >= this.#top ? this.#top : 0
    const below = row <= this.#bottom ? this.#bottom : this.size.rows - 1
    this.move(Math.max(above, Math.min(below, row + rows)), this.column)
  }

  tab(): void {
    if (!this.#isWrapDue) this.move(this.row, (Math.floor(this.column / 8) + 1) * 8)
  }

  lineFeed(): void {
    this.#isWrapDue = false
    if (this.row === this.#bottom) this.scroll(1)
    else if (this.row < this.size.rows - 1) this.row++
    this.#unwrap(this.row)
  }

  reverseLineFeed(): void {
    if (this.row === this.#top) this.grid.down(this.#top, this.#bottom)
    this.move(this.row === this.#top ? this.row : this.row - 1, this.column)
  }

  print(text: string): void {
    for (const character of charactersOf(this.#joined(text))) {
      const width = widthOf(character)
      if (width === 0) this.grid.join(this.row, this.#isWrapDue ? this.column : this.column - 1, character)
      else this.#put(character, width)
    }
  }

  /** Prints the last character again, if nothing came after it. */
  repeat(count: number): void {
    this.print((this.#printed?.text ?? "").repeat(Math.min(count, REPEATED_MAX)))
  }

  /** Something that is no text came: what follows joins nothing. */
  interrupt(): void {
    this.#printed = undefined
  }

  /** `CSI J`: 0 below the cursor, 1 above it, 2 all of it. */
  erase(kind: number): void {
    if (kind === 0 || kind === 1) this.eraseRow(kind)
    const from = kind === 0 ? this.row + 1 : 0
    const to = kind === 1 ? this.row : this.size.rows
    for (let row = from; row < to; row++) {
      this.grid.erase(row, 0, this.size.columns, this.style)
      this.#unwrap(row)
    }
    if (kind !== 1) return
    this.#unwrap(this.row)
    if (this.column + 1 >= this.size.columns) this.#unwrap(this.row + 1)
  }

  /** `CSI K`: 0 right of the cursor, 1 left of it, 2 the row. */
  eraseRow(kind: number): void {
    // Behind the last column, where the next character would begin a row: what is there already stays.
    const at = this.#isWrapDue ? this.size.columns : this.column
    const to = kind === 1 ? this.column + 1 : this.size.columns
    this.grid.erase(this.row, kind === 0 ? at : 0, to, this.style)
    if (kind === 2 || (kind === 0 && at === 0)) this.#unwrap(this.row)
  }

  eraseCells(count: number): void {
    this.#isWrapDue = false
    this.grid.erase(this.row, this.column, Math.min(this.size.columns, this.column + count), this.style)
  }

  insertCells(count: number): void {
    this.#isWrapDue = false
    this.grid.insert(this.row, this.column, count)
  }

  removeCells(count: number): void {
    this.#isWrapDue = false
    this.grid.remove(this.row, this.column, count)
  }

  /** Rows at the cursor come, or go, within the region. */
  shiftRows(count: number, isDown: boolean): void {
    this.#isWrapDue = false
    if (this.row < this.#top || this.row > this.#bottom) return
    for (let times = 0; times < Math.min(count, this.size.rows); times++) {
      if (isDown) this.grid.down(this.row, this.#bottom)
      else this.grid.up(this.row, this.#bottom)
    }
    this.move(this.row, 0)
  }

  scroll(count: number): void {
    for (let times = 0; times < Math.min(count, this.size.rows); times++) {
      const left = this.grid.up(this.#top, this.#bottom)
      if (this.#top === 0 && this.#main === undefined) this.#keep(left)
    }
  }

  scrollDown(count: number): void {
    for (let times = 0; times < Math.min(count, this.size.rows); times++) this.grid.down(this.#top, this.#bottom)
  }

  region(from: number, to: number): void {
    this.#top = Math.max(0, from)
    this.#bottom = Math.min(this.size.rows - 1, to)
  }

  /** To the alternate screen, or back to the main one as it was. */
  alternate(isOn: boolean): void {
    if (isOn && this.#main === undefined) {
      this.#main = { grid: this.grid, row: this.row, column: this.column }
      this.grid = new Grid(this.size)
    } else if (!isOn && this.#main !== undefined) {
      this.grid = this.#main.grid
      this.move(this.#main.row, this.#main.column)
      this.#main = undefined
    }
    this.region(0, this.size.rows - 1)
  }

  reset(): void {
    this.alternate(false)
    this.grid = new Grid(this.size)
    this.move(0, 0)
    this.style = PLAIN
    this.isWrapping = true
  }

  resize(next: Size): void {
    const column = this.#isWrapDue ? this.size.columns : this.column
    const alternate = this.#main === undefined ? undefined : { grid: this.grid, row: this.row, column }
    const main = this.#main ?? { grid: this.grid, row: this.row, column }
    const mainRow = this.#reflows ? this.#reflow(main, next) : this.#cut(main, next)
    if (alternate === undefined) this.row = mainRow
    else {
      this.row = this.#cut(alternate, next)
      this.#main = { ...main, row: mainRow }
    }
    this.size = next
    this.region(0, next.rows - 1)
    this.move(this.row, column)
  }

  /** Returns where the cursor is by then. */
  #reflow({ grid, row }: Held, next: Size): number {
    const all = { rows: [...this.#above, ...grid.rows], base: this.#above.length, row }
    reflow(all, this.size, next)
    this.#above = all.rows.slice(0, all.base)
    grid.rows = all.rows.slice(all.base, all.base + next.rows)
    grid.widen(next.columns)
    return all.row
  }

  /** Blank rows below the cursor go first, then rows leave through the top. */
  #cut(held: Held, next: Size): number {
    const { grid } = held
    let { row } = held
    grid.widen(next.columns)
    while (grid.rows.length > next.rows) {
      if (grid.rows.length - 1 > row) grid.rows.pop()
      else {
        const left = grid.rows.shift()
        if (this.#main === undefined) this.#keep(left)
        row--
      }
    }
    while (grid.rows.length < next.rows) grid.rows.push(blankRow(next.columns))
    return row
  }

  #keep(row: Row | undefined): void {
    if (row === undefined) return
    this.#above.push(row)
    if (this.#above.length > SCROLLBACK_MAX) this.#above.splice(0, SCROLLBACK_MAX / 10)
  }

  /** What comes in two pieces may be one character: it is, where the first stands. Returns the rest. */
  #joined(text: string): string {
    const before = this.#printed
    if (before === undefined || text < "\u0300") return text
    const whole = before.text + text
    const [first = ""] = charactersOf(whole)
    if (first.length <= before.text.length) return text
    this.move(before.row, before.column)
    const width = Math.max(before.width, widthOf(first))
    if (this.column + width > this.size.columns) this.eraseRow(0)
    this.#put(first, width)
    return whole.slice(first.length)
  }

  #put(text: string, width: number): void {
    const { columns } = this.size
    if (this.#isWrapDue || this.column + width > columns) {
      if (this.isWrapping) this.#wrap()
      this.#isWrapDue = false
      // A wide character does not fit into the last cell.
      if (this.column + width > columns) return
    }
    const { row, column, style } = this
    this.grid.put(row, column, { text, style }, width)
    this.#printed = { text, row, column, width }
    this.#isWrapDue = column + width >= columns
    this.column = Math.min(columns - 1, column + width)
  }

  #unwrap(row: number): void {
    const begun = this.grid.rows[row]
    if (begun !== undefined) begun.isWrapped = false
  }

  #wrap(): void {
    if (!this.#isWrapDue) this.eraseRow(0)
    this.lineFeed()
    this.column = 0
    const begun = this.grid.rows[this.row]
    if (begun !== undefined) begun.isWrapped = true
  }
}
