import { areSure, type Row } from "../cells/row.ts"
import { pieces } from "./reflow.ts"

/** A line as the terminal has it. */
export interface Entry {
  readonly row: Row
  /** Rows of the terminal it takes. */
  readonly rows: number
  /** It is history, and as it should be. */
  readonly isGood: boolean
  /** What has to be printed when it is painted over, or because it is damaged. */
  readonly again: readonly Row[]
  /** The rest of it was painted over. To a terminal it may go on in the row below all the same. */
  readonly isCut: boolean
}

export function rowsIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, { rows }) => sum + rows, 0)
}

/** What stays above a row, and what of history does not. */
export function cut(entries: readonly Entry[], from: number, columns: number) {
  const kept: Entry[] = []
  const owed: Row[] = []
  let at = 0
  for (const entry of entries) {
    const start = at
    at += entry.rows
    if (at <= from) kept.push(entry)
    else if (start >= from) owed.push(...entry.again)
    else {
      const parts = pieces(entry.row, columns)
      const row = parts.slice(0, from - start).flat()
      kept.push({ ...entry, row, rows: from - start, again: entry.isGood ? [row] : entry.again, isCut: true })
      if (entry.isGood) owed.push(parts.slice(from - start).flat())
    }
  }
  return { kept, owed }
}

export function asHistory(entry: Entry): Entry {
  return entry.isGood ? entry : { ...entry, isGood: true, again: [entry.row] }
}

/** A row that does not fit is wrapped by the terminal, unless characters in it have no sure width: then it is cut. */
export function finishedEntry(row: Row, columns: number): Entry {
  if (row.length > columns && !areSure(row)) {
    return { row: row.slice(0, columns), rows: 1, isGood: false, again: [row], isCut: false }
  }
  return { row, rows: pieces(row, columns).length, isGood: true, again: [row], isCut: false }
}

export function liveEntry(row: Row): Entry {
  return { row, rows: 1, isGood: false, again: [], isCut: false }
}

/** The first of them is preceded by what was painted over by mistake. */
export function owing(entries: readonly Entry[], owed: readonly Row[]): readonly Entry[] {
  const [first, ...rest] = entries
  if (owed.length === 0 || first === undefined) return entries
  return [{ ...first, isGood: false, again: [...owed, ...first.again] }, ...rest]
}

/** Where the newest entries are that say the same as the first of some rows, and how many do. Blank rows alone say nothing. */
export function lastMatch(
  entries: readonly Entry[],
  rows: readonly Row[],
): { readonly at: number; readonly count: number } {
  for (let at = entries.length - 1; at >= 0; at--) {
    const isOther = (entry: Entry, index: number) => !isWhole(entry) || !isSameText(entry.row, rows[index])
    const end = entries.slice(at).findIndex(isOther)
    const count = end < 0 ? entries.length - at : end
    if (rows.slice(0, count).some((row) => row.length > 0)) return { at, count }
  }
  return { at: 0, count: 0 }
}

/** Nothing of it was painted over, and nothing has to be printed with it. */
function isWhole({ isCut, again }: Entry): boolean {
  return !isCut && again.length === 0
}

function isSameText(one: Row, other: Row | undefined): boolean {
  return other?.length === one.length && one.every((cell, at) => cell.text === other[at]?.text)
}
