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
  const known = KNOWN.get(grapheme)
  if (known !== undefined) return known
  const cells = measured(grapheme)
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear()
  KNOWN.set(grapheme, cells)
  return cells
}

/** Every key lays out the whole row again, of the same few letters. */
const KNOWN = new Map<string, Cells>()
const KNOWN_MAX = 512

function measured(grapheme: string): Cells {
  const text = visible(grapheme)
  const width = widthOf(text)
  // A mark with nothing to stand on would change the cell before it.
  return width > 0 ? { text, width } : { text: `◌${text}`, width: 1 }
}
