import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import { cutLine } from "../text/line.ts"
import type { Row } from "./rows.ts"

/** `  18   - const timer = …` */
export function unifiedRow(row: Row, digits: number, columns: number, look: Look): Line {
  const { theme } = look
  const number = row.sign === "-" ? row.oldNumber : row.newNumber
  const style = row.sign === "+" ? theme.added : row.sign === "-" ? theme.removed : undefined
  return cutLine(
    [
      { text: `${String(number ?? "").padStart(Math.max(digits, NUMBER_COLUMNS))}   `, style: theme.dim },
      { text: `${row.sign} `, style },
      ...row.spans,
      ...unended(row, look),
    ],
    columns,
    look.glyphs.more,
  )
}

/** As in SCREENS: `  18`, three cells, the sign. */
export const NUMBER_COLUMNS = 4

/** Said where it is: one side may have the newline, the other not. */
export function unended({ isUnended }: Row, { theme }: Look): Line {
  return isUnended ? [{ text: "  (no newline at end)", style: theme.dim }] : []
}
