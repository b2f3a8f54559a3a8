import { visible } from "@skein/protocol"
import { cut, textOf, widthOf } from "@skein/term"

/** What a grapheme looks like on a screen, and how many cells that takes: at least one, so that a caret can stand on it. */
export interface Cells {
  readonly text: string
  readonly width: number
}

/** A tab is as wide wherever it stands, so that a row can be laid out without the ones before it. */
const TAB = "    "

export function cellsOf(grapheme: string): Cells {
  if (grapheme.length === 1) {
    const code = grapheme.charCodeAt(0)
    if (code >= 0x20 && code < 0x7f) return { text: grapheme, width: 1 }
    if (code === 9) return { text: TAB, width: TAB.length }
  }
  const text = visible(grapheme)
  const width = columnsOf(text)
  // A mark with nothing to stand on would change the cell before it.
  return width > 0 ? { text, width } : { text: `◌${text}`, width: 1 }
}

export function columnsOf(text: string): number {
  return widthOf([{ text }])
}

/** As much of the text's beginning as fits, and that it goes on. */
export function shortened(text: string, columns: number): string {
  return textOf(cut([{ text }], columns, "…"))
}
