import type { Row } from "../cells/row.ts"
import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"
import { asHistory, cut, type Entry, finishedEntry, lastMatch, liveEntry, owing, rowsIn } from "./entry.ts"
import { isAtText, pieces, placeOf } from "./reflow.ts"
import { relaidByXtermJs } from "./relaid.ts"

/** A frame on its way to the terminal. */
export interface Stroke {
  /** What the terminal was thought to have. */
  readonly size: Size
  /** Rows it goes up before it paints all that follows anew. */
  readonly up: number
  readonly finished: readonly Row[]
  readonly live: readonly Row[]
  /** Within the live rows. */
  readonly cursor: Caret
  /** It builds on what was asked, not on the frame before it. */
  readonly isRepair: boolean
}

/** Where a frame that mends has to begin. */
export interface Mending {
  /** Rows to go up. */
  readonly up: number
  /** Finished rows that are painted over by it, or were by a frame that met another size. */
  readonly again: readonly Row[]
}

/** So many lines of history are remembered: more than a frame can reach by mistake on most screens. */
const ENTRIES_MAX = 192
const ENTRIES_KEPT = 96

/**
 * What the terminal has near its bottom: the last lines of history and the live rows below them, by what it answered. A frame
 * that was made for one size and met another is followed to where it really went, so that what it damaged can be printed
 * again, and only that.
 */
export class Trail {
  #entries: readonly Entry[] = []
  #size: Size
  /** Rows of the cursor below the first entry. */
  #up = 0
  #cursor: Caret = { row: 0, column: 0 }
  /** The cursor's row on the screen, where it is known. */
  #screenRow: number | undefined
  #isBroken = false

  constructor(size: Size) {
    this.#size = size
  }

  /** A frame met another size than its own: the screen is not as it was meant. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /**
   * The terminal has this size now, and its cursor at `reply`. `isDirect`: as far as is known it had no other in between.
   * False: the cursor is not at its text.
   */
  meet(size: Size, reflow: Reflow, reply: Caret | undefined, isDirect = true): boolean {
    const isKnown = size.columns === this.#size.columns && size.rows === this.#size.rows
    const isThere = isKnown || this.#relay(size, reflow, reply, isDirect)
    this.#size = size
    this.#screenRow = reply?.row ?? (isKnown ? this.#screenRow : undefined)
    if (!isThere) this.#lose(reply)
    return isThere
  }

  /** A frame has arrived, at the size that was met last. */
  paint(stroke: Stroke): void {
    const size = this.#size
    const isMeant = size.columns === stroke.size.columns && size.rows === stroke.size.rows
    if (!isMeant) this.#isBroken = true
    else if (stroke.isRepair) this.#isBroken = false
    const up = Math.min(stroke.up, this.#screenRow ?? stroke.up)
    const { kept, owed } = cut(this.#entries, this.#up - up, size.columns)
    const isHistory = stroke.finished.length > 0 && !this.#isBroken
    const above = isHistory ? kept.map(asHistory) : kept
    const finished = stroke.finished.map((row) => finishedEntry(row, size.columns))
    const live = stroke.live.map((row) => liveEntry(row.slice(0, size.columns)))
    const height = rowsIn(finished) + stroke.cursor.row
    this.#entries = [...above, ...owing([...finished, ...live], owed)]
    this.#cursor = { row: above.length + finished.length + stroke.cursor.row, column: stroke.cursor.column }
    this.#up = rowsIn(above) + height
    this.#follow(up, height, rowsIn(finished) + live.length)
    this.#forget()
  }

  /** How to begin a frame after which all is as it should be. What it prints again is its own from here on. */
  mend(reply: Caret | undefined): Mending {
    const bad = this.#entries.findIndex(({ isGood }) => !isGood)
    const wanted = bad < 0 ? 0 : this.#up - rowsIn(this.#entries.slice(0, bad))
    const up = Math.max(0, Math.min(wanted, reply?.row ?? this.#size.rows - 1))
    const from = this.#up - up
    const again: Row[] = []
    let at = 0
    this.#entries = this.#entries.map((entry) => {
      const start = at
      at += entry.rows
      if (at <= from && entry.rows > 0) return entry
      const isSplit = start < from && entry.isGood
      again.push(
        ...(isSplit
          ? [
              pieces(entry.row, this.#size.columns)
                .slice(from - start)
                .flat(),
            ]
          : entry.again),
      )
      return { ...entry, isGood: false, again: [] }
    })
    return { up, again }
  }

  /**
   * How many of these finished rows are in the scrollback already: they were live when the screen got too low for them, and
   * cannot be taken back from there. From here on they are history.
   */
  adopt(rows: readonly Row[]): number {
    const first = this.#entries.findLastIndex(({ isGood }) => isGood) + 1
    let room = this.#up - (this.#screenRow ?? this.#up) - rowsIn(this.#entries.slice(0, first))
    const gone: Entry[] = []
    for (const entry of this.#entries.slice(first)) {
      room -= entry.rows
      if (room < 0) break
      gone.push(entry)
    }
    const { at, count } = lastMatch(gone, rows)
    const isFound = (index: number) => index >= first + at && index < first + at + count
    if (count > 0) this.#entries = this.#entries.map((entry, index) => (isFound(index) ? asHistory(entry) : entry))
    return count
  }

  /** Below all there is begins a new row. */
  leave(): readonly Row[] {
    const again = this.#entries.flatMap((entry) => (entry.isGood ? [] : entry.again))
    this.#entries = []
    this.#up = 0
    this.#screenRow = this.#size.rows - 1
    this.#isBroken = false
    return again
  }

  /** Nothing of what is above the cursor is believed any more. */
  doubt(reply: Caret | undefined): readonly Row[] {
    const again = this.leave()
    this.#screenRow = reply?.row
    return again
  }

  /** The terminal was somebody else's. */
  forget(size: Size): void {
    this.#entries = []
    this.#size = size
    this.#up = 0
    this.#cursor = { row: 0, column: 0 }
    this.#screenRow = undefined
    this.#isBroken = false
  }

  #lose(reply: Caret | undefined): void {
    const owed = this.#entries.flatMap((entry) => (entry.isGood ? [] : entry.again))
    this.#entries = owed.length === 0 ? [] : owing([liveEntry([])], owed)
    this.#up = 0
    this.#cursor = { row: 0, column: reply?.column ?? 0 }
    this.#isBroken = true
  }

  /** Where the cursor is on the screen after a frame of so many rows. */
  #follow(up: number, height: number, rows: number): void {
    if (this.#screenRow === undefined) return
    const top = this.#screenRow - up
    const scrolled = Math.max(0, top + rows - this.#size.rows)
    const row = top + height - scrolled
    this.#screenRow = Math.max(0, row)
    // A cursor that would have to leave the screen through the top stays in its first row.
    this.#up += this.#screenRow - row
    this.#cursor = { row: this.#cursor.row + this.#screenRow - row, column: this.#cursor.column }
  }

  #forget(): void {
    if (this.#entries.length <= ENTRIES_MAX) return
    const count = this.#entries.length - ENTRIES_KEPT
    this.#up -= rowsIn(this.#entries.slice(0, count))
    this.#cursor = { row: this.#cursor.row - count, column: this.#cursor.column }
    this.#entries = this.#entries.slice(count)
  }

  #relay(size: Size, reflow: Reflow, reply: Caret | undefined, isDirect: boolean): boolean {
    if (reflow === "all") return this.#relayAll(size, reply)
    if (reply !== undefined && reply.column !== Math.min(this.#cursor.column, size.columns - 1)) return false
    if (reflow === "all-but-cursor") this.#relayAsXtermJs(size, reply, isDirect)
    this.#cursor = { row: this.#cursor.row, column: Math.min(this.#cursor.column, size.columns - 1) }
    return true
  }

  #relayAll({ columns }: Size, reply: Caret | undefined): boolean {
    this.#join()
    const { row, column } = this.#cursor
    const cells = this.#entries[row]?.row ?? []
    if (reply !== undefined && !isAtText(cells, column, columns, reply)) return false
    this.#entries = this.#entries.map((entry) => ({ ...entry, rows: pieces(entry.row, columns).length }))
    const place = placeOf(cells, column, columns)
    const isNext = place.column === columns && reply?.column === 0
    this.#up = rowsIn(this.#entries.slice(0, row)) + place.row + (isNext ? 1 : 0)
    return true
  }

  /** These terminals keep with a row that it goes on, and painting over the next one does not change it. */
  #join(): void {
    const joined: Entry[] = []
    for (const [index, entry] of this.#entries.entries()) {
      const last = joined.at(-1)
      if (last?.isCut !== true) {
        joined.push(entry)
        continue
      }
      joined[joined.length - 1] = {
        row: [...last.row, ...entry.row],
        rows: last.rows + entry.rows,
        isGood: last.isGood && entry.isGood,
        again: [...last.again, ...entry.again],
        isCut: entry.isCut,
      }
      const isOn = this.#cursor.row >= joined.length && index <= this.#cursor.row
      if (!isOn) continue
      const column = this.#cursor.column + (this.#cursor.row === joined.length ? last.row.length : 0)
      this.#cursor = { row: this.#cursor.row - 1, column }
    }
    this.#entries = joined
  }

  #relayAsXtermJs(size: Size, reply: Caret | undefined, isDirect: boolean): void {
    const laid = { entries: this.#entries, size: this.#size, up: this.#up, screenRow: this.#screenRow }
    const { entries, up, cursorEntry } = relaidByXtermJs(laid, size, reply, isDirect)
    this.#entries = entries
    this.#up = up
    this.#cursor = { row: cursorEntry, column: this.#cursor.column }
  }
}
