import type { Size } from "../frame.ts"
import { BLANK, blankRow, type Cell, type Row, resized } from "./grid.ts"

/** All rows of a terminal, oldest first; those from `base` on are the screen. `row` is the cursor's, on the screen. */
export interface Reflowing {
  rows: Row[]
  base: number
  row: number
}

/**
 * What xterm.js does when its size changes: rows come back from the scrollback or go there, then what was wrapped is wrapped
 * anew, all but the rows that the cursor is in. Changes what it is given.
 */
export function reflow(all: Reflowing, from: Size, to: Size): void {
  if (to.rows > from.rows) grow(all, from.rows, to.rows)
  else shrink(all, from.rows, to.rows)
  if (to.columns > from.columns) widen(all, from.columns, to)
  else if (to.columns < from.columns) narrow(all, from.columns, to)
  for (const { cells } of all.rows) resized(cells, to.columns)
  while (all.rows.length < all.base + to.rows) all.rows.push(blankRow(to.columns))
}

/** While the cursor is in the last row, rows come back from above; else blank ones are added. */
function grow(all: Reflowing, from: number, to: number): void {
  let back = 0
  for (let height = from; height < to && all.rows.length < to + all.base; height++) {
    if (all.base > 0 && all.rows.length <= all.base + all.row + back + 1) {
      all.base--
      back++
    } else all.rows.push(blankRow(0))
  }
  all.row += back
}

/** Rows below the cursor go first, then rows leave through the top. */
function shrink(all: Reflowing, from: number, to: number): void {
  for (let height = from; height > to && all.rows.length > to + all.base; height--) {
    if (all.rows.length > all.base + all.row + 1) all.rows.pop()
    else all.base++
  }
  all.row = Math.min(all.row, to - 1)
}

function widen(all: Reflowing, columns: number, to: Size): void {
  const cursor = all.base + all.row
  const rows: Row[] = []
  for (const { start, group } of groupsOf(all.rows)) {
    const isAtCursor = cursor >= start && cursor < start + group.length
    if (isAtCursor || group.length === 1) rows.push(...group)
    else rows.push(...withoutBlankEnd(wrapped(textOf(group, columns), to.columns)))
  }
  const gone = all.rows.length - rows.length
  all.rows = rows
  for (let times = 0; times < gone; times++) {
    if (all.base > 0) all.base--
    else {
      if (all.row > 0) all.row--
      if (all.rows.length < to.rows) all.rows.push(blankRow(to.columns))
    }
  }
}

/** From the bottom up: rows that are added above push the screen up, while there are blank ones below they take their place. */
function narrow(all: Reflowing, columns: number, to: Size): void {
  const groups = groupsOf(all.rows)
  const made: Row[][] = []
  let dropped = 0
  let added = 0
  for (const { start, group } of groups.toReversed()) {
    const cursor = all.base + all.row
    const isAtCursor = cursor >= start && cursor < start + group.length
    const cells = textOf(group, columns)
    if (isAtCursor || (group.length === 1 && cells.length <= to.columns)) {
      made.unshift(group)
      continue
    }
    const rows = wrapped(cells, to.columns)
    while (rows.length < group.length) rows.push({ cells: [], isWrapped: true })
    made.unshift(rows)
    const more = rows.length - group.length
    added += more
    for (let times = 0; times < more; times++) {
      const length = all.rows.length - dropped
      if (all.base > 0) {
        if (all.base < length + added - to.rows) all.base++
      } else if (all.row < to.rows - 1) {
        all.row++
        dropped++
      } else all.base++
    }
  }
  all.rows = made.flat()
  all.rows.length -= dropped
}

function withoutBlankEnd(rows: Row[]): Row[] {
  const last = rows.findLastIndex(({ cells }) => cells.some((cell) => cell !== BLANK))
  return rows.slice(0, Math.max(1, last + 1))
}

interface Group {
  readonly start: number
  readonly group: Row[]
}

/** Rows that are one, wrapped. */
function groupsOf(rows: readonly Row[]): Group[] {
  const groups: Group[] = []
  for (const [start, row] of rows.entries()) {
    const last = groups.at(-1)
    if (row.isWrapped && last !== undefined) last.group.push(row)
    else groups.push({ start, group: [row] })
  }
  return groups
}

/** What was written in them: the blank before a wide character that had to wrap was not. */
function textOf(group: readonly Row[], columns: number): Cell[] {
  return group.flatMap(({ cells }, at) => {
    const next = group[at + 1]?.cells
    if (next === undefined) return cells.slice(0, cells.findLastIndex((cell) => cell !== BLANK) + 1)
    return next[1]?.text === "" && cells[columns - 1] === BLANK ? cells.slice(0, columns - 1) : cells.slice(0, columns)
  })
}

function wrapped(cells: readonly Cell[], columns: number): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < cells.length || rows.length === 0; ) {
    const end = at + columns
    // A wide character stays whole.
    const to = cells[end]?.text === "" ? end - 1 : end
    rows.push({ cells: cells.slice(at, to), isWrapped: rows.length > 0 })
    at = to
  }
  for (const row of rows) resized(row.cells, columns)
  return rows
}
