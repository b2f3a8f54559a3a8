import type { Caret, Size } from "../frame.ts"
import { type Entry, rowsIn } from "./entry.ts"
import { pieces } from "./reflow.ts"

/** Lines as xterm.js had them, before a resize. */
export interface Laid {
  readonly entries: readonly Entry[]
  readonly size: Size
  /** Rows of the cursor below the first entry. */
  readonly up: number
  /** The cursor's row on the screen, where it is known. */
  readonly screenRow: number | undefined
}

/** And after it. */
export interface Relaid {
  readonly entries: readonly Entry[]
  readonly up: number
  /** The entry that the cursor was on: it may have been moved off its text. */
  readonly cursorEntry: number
}

/**
 * xterm.js goes through the lines from the last one up, moves its cursor down by a row for each that wrapping adds, also
 * below the cursor, and leaves alone the line that the cursor is then on.
 */
export function relaidByXtermJs(laid: Laid, size: Size, reply: Caret | undefined, isDirect: boolean): Relaid {
  const hasScrolled = laid.screenRow !== undefined && laid.up > laid.screenRow
  const cursorEntry = entryAt(laid.entries, laid.up)
  const below = reply === undefined || !hasScrolled ? Number.POSITIVE_INFINITY : size.rows - 1 - reply.row
  let best: Omit<Relaid, "cursorEntry"> = laid
  let isFirst = true
  // As many lines below the cursor as there is room for now; in doubt so many that the cursor is the least far down.
  for (let kept = keptBelow(laid, cursorEntry, size); kept >= 0; kept--) {
    const now = wrapped(laid.entries.slice(0, cursorEntry + 1 + kept), laid.up, size)
    const fits = rowsIn(now.entries) - 1 - now.up <= below
    if (isFirst || (fits && now.up < best.up)) best = now
    isFirst = false
    if (fits && isDirect) break
  }
  return { ...best, cursorEntry }
}

function entryAt(entries: readonly Entry[], up: number): number {
  let end = 0
  const at = entries.findIndex(({ rows }) => {
    end += rows
    return end > up
  })
  return at < 0 ? entries.length - 1 : at
}

function wrapped(before: readonly Entry[], from: number, { columns }: Size): Omit<Relaid, "cursorEntry"> {
  const entries = [...before]
  let start = rowsIn(entries)
  let up = from
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]
    if (entry === undefined) continue
    start -= entry.rows
    if (up >= start && up < start + entry.rows) {
      const isCutOff = entry.rows === 1 && entry.row.length > columns && !entry.isGood
      if (isCutOff) entries[index] = { ...entry, row: entry.row.slice(0, columns) }
      continue
    }
    const rows = pieces(entry.row, columns).length
    up += rows - entry.rows
    entries[index] = { ...entry, rows }
  }
  return { entries, up }
}

/** Lines below the cursor that did not fall off the bottom when the screen got lower. That happens before rows are wrapped. */
function keptBelow({ entries, size, screenRow }: Laid, cursorEntry: number, { rows }: Size): number {
  const lowest = size.rows - 1 - rowsIn(entries.slice(cursorEntry + 1))
  const below = Math.max(0, size.rows - 1 - (screenRow ?? lowest))
  let left = below - Math.min(below, Math.max(0, size.rows - rows))
  let count = 0
  for (const entry of entries.slice(cursorEntry + 1)) {
    left -= entry.rows
    if (left < 0) break
    count++
  }
  return count
}
