import { visible } from "@skein/protocol"
import { widthOf } from "../view/text/width.ts"

/** What a grapheme looks like on a screen, and how many cells that takes: at least one, so that a caret can stand on it. */
export interface Cells {
  readonly text: string
  readonly width: number
}

/** A tab is as wide wherever it stands, so that a row can be laid out without the ones before it. */
const TAB = "    "

/** How a grapheme is drawn in a text that is edited. */
export function cellsOf(grapheme: string): Cells {
  if (grapheme.length === 1) {
    const code = grapheme.charCodeAt(0)
    if (code >= 0x20 && code < 0x7f) return { text: grapheme, width: 1 }
    if (code === 9) return { text: TAB, width: TAB.length }
  }
  const text = visible(grapheme)
  const width = widthOf(text)
  // A mark with nothing to stand on would change the cell before it.
  return width > 0 ? { text, width } : { text: `◌${text}`, width: 1 }
}
