import { clipped, oneLine } from "./visible.ts"

export interface Column {
  /** Left out when no column has one. */
  readonly head?: string
  readonly isRight?: boolean
  /** Gets what the others leave of the line. */
  readonly isFlexible?: boolean
}

/** What a flexible column keeps even where the line is too short for it. */
const FLEXIBLE_COLUMNS_MIN = 12

/** Rows under each other, as wide as the terminal at most. Cells may hold anything: they are shown on one line, escaped. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | undefined)[])[],
  width: number,
): string[] {
  const heads = columns.some(({ head }) => head !== undefined) ? [columns.map(({ head }) => head ?? "")] : []
  const cells = [...heads, ...rows.map((row) => columns.map((_, at) => oneLine(row[at] ?? "")))]
  const widths = columns.map((_, at) => Math.max(0, ...cells.map((row) => Bun.stringWidth(row[at] ?? ""))))
  const flexible = columns.findIndex(({ isFlexible }) => isFlexible === true)
  if (flexible >= 0) {
    const shown = widths.filter((columnWidth) => columnWidth > 0).length
    const others = widths.reduce((sum, columnWidth, at) => (at === flexible ? sum : sum + columnWidth), 0)
    const left = width - others - GAP.length * Math.max(shown - 1, 0)
    widths[flexible] = Math.min(widths[flexible] ?? 0, Math.max(left, FLEXIBLE_COLUMNS_MIN))
  }
  return cells.map((row) =>
    row
      .map((cell, at) => ({ cell: clipped(cell, widths[at] ?? 0), at }))
      // A column in which nothing stands takes no room.
      .filter(({ at }) => (widths[at] ?? 0) > 0)
      .map(({ cell, at }) => padded(cell, widths[at] ?? 0, columns[at]?.isRight === true))
      .join(GAP)
      .trimEnd(),
  )
}

const GAP = "  "

function padded(cell: string, width: number, isRight: boolean): string {
  const space = " ".repeat(Math.max(width - Bun.stringWidth(cell), 0))
  return isRight ? space + cell : cell + space
}
