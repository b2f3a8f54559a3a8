import { BLANK, type Cell, isSameCell, isSameStyle, type Row, rowOf } from "../cells/row.ts"
import type { Caret, Frame, Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { fit } from "../surface/fit.ts"

/** What became of one row. Rows and columns from 0. */
export type RowChange =
  /** The same text and looks, in another row. */
  | { readonly kind: "moved"; readonly from: number; readonly to: number }
  | { readonly kind: "added"; readonly row: number; readonly text: string }
  | { readonly kind: "removed"; readonly row: number; readonly text: string }
  | {
      readonly kind: "changed"
      readonly row: number
      readonly before: string
      readonly after: string
      /** From the first cell that differs to behind the last one. */
      readonly columns: readonly [number, number]
      readonly cells: number
    }
  /** The same text, looking different: `before` and `after` are the looks of the first cell that does. */
  | {
      readonly kind: "restyled"
      readonly row: number
      readonly text: string
      readonly before: Style
      readonly after: Style
      readonly columns: readonly [number, number]
      readonly cells: number
    }

/** What differs between two frames. */
export interface Comparison {
  readonly isSame: boolean
  /** By row of the frame after; removed ones at their place before. At most as many as asked for. */
  readonly changes: readonly RowChange[]
  /** Changes that were left out. */
  readonly more: number
  /** Cells that look different in the same place: what a screen has to repaint. */
  readonly cells: number
  readonly caret?: { readonly from: Caret | undefined; readonly to: Caret | undefined } | undefined
}

/** What differs between two frames on a screen, as a person would say it: not only which text. */
export function compare(before: Frame, after: Frame, size: Size, changesMax = 50): Comparison {
  const old = fit(before, size)
  const now = fit(after, size)
  const oldRows = old.lines.map((line) => rowOf(line, size.columns))
  const nowRows = now.lines.map((line) => rowOf(line, size.columns))
  const changes = changesOf(oldRows, nowRows)
  const hasMovedCaret = old.caret?.row !== now.caret?.row || old.caret?.column !== now.caret?.column
  return {
    isSame: changes.length === 0 && !hasMovedCaret,
    changes: changes.slice(0, changesMax),
    more: Math.max(0, changes.length - changesMax),
    cells: differingCells(oldRows, nowRows),
    ...(hasMovedCaret ? { caret: { from: old.caret, to: now.caret } } : {}),
  }
}

function changesOf(before: readonly Row[], after: readonly Row[]): readonly RowChange[] {
  const isTaken = before.map((row, index) => isSameRow(row, after[index]))
  const origins = after.map((row, index) => (isSameRow(row, before[index]) ? index : originOf(row, before, isTaken)))
  const changes: { readonly at: number; readonly change: RowChange }[] = []
  for (const [index, row] of after.entries()) {
    const from = origins[index]
    if (from === index) continue
    if (from !== undefined) changes.push({ at: index, change: { kind: "moved", from, to: index } })
    else if (index < before.length && !isTaken[index]) {
      isTaken[index] = true
      changes.push({ at: index, change: changeOf(index, before[index] ?? [], row) })
    } else changes.push({ at: index, change: { kind: "added", row: index, text: textOf(row) } })
  }
  for (const [row, cells] of before.entries()) {
    if (!isTaken[row]) changes.push({ at: row, change: { kind: "removed", row, text: textOf(cells) } })
  }
  return changes.sort((one, other) => one.at - other.at).map(({ change }) => change)
}

/** The row that was the same and has no other place now. Blank rows move nowhere. */
function originOf(row: Row, before: readonly Row[], isTaken: boolean[]): number | undefined {
  if (row.length === 0) return undefined
  const from = before.findIndex((candidate, index) => !isTaken[index] && isSameRow(candidate, row))
  if (from < 0) return undefined
  isTaken[from] = true
  return from
}

function changeOf(row: number, before: Row, after: Row): RowChange {
  const columns = Array.from({ length: Math.max(before.length, after.length) }, (_, column) => column)
  const differing = columns.filter((column) => !isSameCell(at(before, column), at(after, column)))
  const range = [differing[0] ?? 0, (differing.at(-1) ?? -1) + 1] as const
  const cells = differing.length
  const [first = 0] = differing
  return textOf(before) === textOf(after)
    ? {
        ...{ kind: "restyled", row, text: textOf(after), columns: range, cells },
        ...{ before: at(before, first).style, after: at(after, first).style },
      }
    : { kind: "changed", row, before: textOf(before), after: textOf(after), columns: range, cells }
}

function differingCells(before: readonly Row[], after: readonly Row[]): number {
  let cells = 0
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const old = before[row] ?? []
    const now = after[row] ?? []
    for (let column = 0; column < Math.max(old.length, now.length); column++) {
      if (!isSameCell(at(old, column), at(now, column))) cells++
    }
  }
  return cells
}

function at(row: Row, column: number): Cell {
  return row[column] ?? BLANK
}

function isSameRow(one: Row | undefined, other: Row | undefined): boolean {
  if (one === undefined || other === undefined || one.length !== other.length) return false
  return one.every((cell, column) => {
    const match = other[column]
    return match !== undefined && cell.text === match.text && isSameStyle(cell.style, match.style)
  })
}

function textOf(row: Row): string {
  return row
    .map(({ text }) => text)
    .join("")
    .trimEnd()
}
