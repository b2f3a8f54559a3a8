import type { Line, Span, Style } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { cutLine, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { padEnd, padStart, widthOf } from "../../view/text/width.ts"

/** A name and its numbers. */
export interface TableRow {
  readonly label: string
  /** Numbers, right-aligned, the most important one last: narrow screens drop the first ones. */
  readonly cells: readonly string[]
  readonly depth?: number | undefined
  readonly style?: Style | undefined
}

/** Labels at the left, numbers in columns at the right. */
export function tableLines(rows: readonly TableRow[], look: Look): Line[] {
  const { columns, glyphs, theme } = look
  const kept = columns < NARROW ? 1 : columns < WIDE ? 2 : Number.POSITIVE_INFINITY
  const shown = rows.map((row) => ({ ...row, cells: row.cells.slice(-kept) }))
  const widths = shown.reduce<number[]>(
    (most, { cells }) => cells.map((cell, at) => Math.max(most[at] ?? 0, widthOf(cell))),
    [],
  )
  return shown.map(({ label, cells, depth = 0, style = theme.text }) => {
    const left: Line = [{ text: `  ${"  ".repeat(depth)}${safeLine(label)}`, style }]
    const right = cells.map((cell, at): Span => {
      const gap = at === 0 ? "" : "   "
      return { text: gap + padStart(cell, widths[at] ?? 0), style: at === cells.length - 1 ? style : theme.dim }
    })
    return cutLine(sides(left, right, columns - 2, glyphs.more), columns, glyphs.more)
  })
}

const NARROW = 48
const WIDE = 64

/** What is there of a whole, in one row: parts in their styles, the rest as a rule. Never longer than `columns`. */
export function meter(
  parts: readonly { readonly amount: number; readonly style: Style }[],
  whole: number,
  columns: number,
  look: Look,
): Line {
  const { theme, glyphs } = look
  let taken = 0
  let left = Math.max(0, columns)
  const spans = parts.map(({ amount, style }): Span => {
    taken += amount
    // What is there at all is seen, and what is not full never looks so.
    const end = whole <= 0 ? 0 : Math.min(columns, amount > 0 ? Math.max(1, Math.floor((taken / whole) * columns)) : 0)
    const cells = Math.max(0, Math.min(left, end - (columns - left)))
    left -= cells
    return { text: glyphs.bar.repeat(cells), style }
  })
  return [...spans, { text: glyphs.rule.repeat(left), style: theme.dim }]
}

/** What the rows below it are about. */
export function headingLine(text: string, { theme, columns, glyphs }: Look): Line {
  return cutLine([{ text: padEnd("  ", 2) }, { text, style: theme.heading }], columns, glyphs.more)
}
