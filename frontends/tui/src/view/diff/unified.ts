import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import { cutLine } from "../text/line.ts"
import type { Row } from "./rows.ts"

/** Where a row stands, and how much room there is for it. */
interface Place {
  readonly number: number | undefined
  readonly digits: number
  /** Cells between the number and the sign. */
  readonly gap: number
  readonly columns: number
}

/** `  18   - const timer = …` */
export function unifiedRow(row: Row, digits: number, columns: number, look: Look): Line {
  const number = row.sign === "-" ? row.oldNumber : row.newNumber
  return numberedRow(row, { number, digits, gap: 3, columns }, look)
}

/** Number, sign and text of a row. That it ends its file without a newline is said here: one side may have it, the other not. */
export function numberedRow(row: Row, { number, digits, gap, columns }: Place, { theme, glyphs }: Look): Line {
  const style = row.sign === "+" ? theme.added : row.sign === "-" ? theme.removed : undefined
  const shown = String(number ?? "").padStart(Math.max(digits, NUMBER_COLUMNS))
  const head: Line = [
    { text: shown + " ".repeat(gap), style: theme.dim },
    { text: `${row.sign} `, style },
  ]
  const end: Line = row.isUnended ? [{ text: "  (no newline at end)", style: theme.dim }] : []
  return cutLine([...head, ...row.spans, ...end], columns, glyphs.more)
}

const NUMBER_COLUMNS = 4
