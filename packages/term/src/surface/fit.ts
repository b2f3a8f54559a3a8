import type { Caret, Frame, Size } from "../frame.ts"

/**
 * What of a frame fits: its bottom, moved up as far as the caret needs. At least one row, and a caret that stands on one of
 * them, within the screen.
 */
export function fit({ lines, caret }: Frame, { columns, rows }: Size): Frame {
  const height = Math.max(1, rows)
  const surplus = Math.max(0, lines.length - height)
  const start = caret === undefined ? surplus : Math.min(surplus, Math.max(0, caret.row))
  const shown = lines.length === 0 ? [[]] : lines.slice(start, start + height)
  return { lines: shown, caret: caret && within(caret, start, shown.length, columns) }
}

function within({ row, column }: Caret, start: number, height: number, columns: number): Caret {
  return {
    row: Math.max(0, Math.min(row - start, height - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  }
}
