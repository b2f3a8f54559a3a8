import type { Line } from "@skein/term"
import type { Look } from "../view/look.ts"
import { pieces, textRows, width } from "./row.ts"

/** Draws a unified diff. No line is wider than the look; lines are never left out. */
export type DrawDiff = (diff: string, look: Look) => readonly Line[]

/** A diff as it is written, what came and what went in their looks, cut into rows where it is wide. */
export const plainDiff: DrawDiff = (diff, look) =>
  textRows(diff.endsWith("\n") ? diff.slice(0, -1) : diff).flatMap((text) => {
    const style = text.startsWith("+")
      ? look.theme.added
      : text.startsWith("-")
        ? look.theme.removed
        : text.startsWith("@@")
          ? look.theme.dim
          : look.theme.text
    return exactRows(text, Math.max(1, look.columns)).map((row): Line => [{ text: row, style }])
  })

/** Rows that put together are the text: nothing is trimmed, and a row ends where the screen does. */
export function exactRows(text: string, columns: number): string[] {
  const rows: string[] = []
  let row = ""
  let cells = 0
  for (const piece of pieces(text)) {
    const taken = width(piece)
    if (cells + taken > columns && row !== "") {
      rows.push(row)
      row = ""
      cells = 0
    }
    row += piece
    cells += taken
  }
  return [...rows, row]
}
