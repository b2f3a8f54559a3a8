import { visible } from "@skein/protocol"
import type { Line, Style } from "@skein/term"
import { diffLines } from "../view/diff/diff.ts"
import type { Look, Theme } from "../view/look.ts"
import { graphemesOf, widthOf } from "../view/text/width.ts"

/**
 * Draws a unified diff. No line is wider than the look; what of one does not fit may be cut, and shows that it is. Where hunks
 * are chosen by number, `hunksFrom` is that of the first.
 */
export type DrawDiff = (diff: string, look: Look, hunksFrom?: number) => readonly Line[]

/** All of a diff with numbers, signs and changed words. */
export const drawnDiff: DrawDiff = (diff, look, hunksFrom) =>
  diffLines(diff, look, { isExpanded: true, hasNames: false, hunksFrom })

/** A diff as it is written, every character of it, what came and what went in their looks. */
export const exactDiff: DrawDiff = (diff, look, hunksFrom) => {
  let hunk = hunksFrom
  return exactText(diff.endsWith("\n") ? diff.slice(0, -1) : diff).flatMap((text) => {
    const style = styleOf(text, look.theme)
    const number: Line[] =
      hunk === undefined || !text.startsWith("@@") ? [] : [[{ text: `  hunk ${hunk++}`, style: look.theme.strong }]]
    // What goes on in another row never looks like a line of its own.
    const rows = exactRows(text, Math.max(1, look.columns - 2)).map((row, at): Line => {
      const lead = at === 0 ? "  " : `${look.glyphs.continued} `
      return [
        { text: lead, style: look.theme.dim },
        { text: row, style },
      ]
    })
    return [...number, ...rows]
  })
}

function styleOf(text: string, theme: Theme): Style {
  if (text.startsWith("+")) return theme.added
  if (text.startsWith("-")) return theme.removed
  return text.startsWith("@@") ? theme.dim : theme.text
}

/** Rows of a text with nothing left out: tabs too are told apart from spaces. */
export function exactText(text: string): string[] {
  return visible(text).replaceAll("\t", "\\t").split("\n")
}

/** Rows that put together are the text: nothing is trimmed, and a row ends where the screen does. */
export function exactRows(text: string, columns: number): string[] {
  const rows: string[] = []
  let row = ""
  let cells = 0
  for (const piece of graphemesOf(text)) {
    const taken = widthOf(piece)
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
