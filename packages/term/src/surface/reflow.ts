import { BLANK, type Cell, type Row } from "../cells/row.ts"
import type { Caret } from "../frame.ts"

/** Whether a cursor that was on a column of a row may be where the terminal says, now that the row is wrapped. */
export function isAtText(row: Row, from: number, columns: number, reply: Caret): boolean {
  const { column } = placeOf(row, from, columns)
  if (reply.column === column || (column === columns && (reply.column === 0 || reply.column === columns - 1)))
    return true
  // Blanks at a row's end are no text to tmux: a cursor behind them is drawn to what is.
  return from > row.length && reply.column === placeOf(row, row.length, columns).column % columns
}

/** Where a column of a row is when the row is wrapped. Behind text that fills a row it is the column after the last one. */
export function placeOf(row: Row, column: number, columns: number): Caret {
  const isOnText = column < row.length
  const blanks = new Array<Cell>(Math.max(0, column - row.length)).fill(BLANK)
  const parts = pieces([...row.slice(0, isOnText ? column + 1 : column), ...blanks], columns)
  return { row: parts.length - 1, column: (parts.at(-1)?.length ?? 0) - (isOnText ? 1 : 0) }
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
