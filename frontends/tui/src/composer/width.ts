import { visible } from "@skein/protocol"
import type { Line, Span } from "@skein/term"

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
  const width = Bun.stringWidth(text)
  // A mark with nothing to stand on would change the cell before it.
  return width > 0 ? { text, width } : { text: `◌${text}`, width: 1 }
}

/** The line, no wider than this. */
export function fitted(line: Line, columns: number): Line {
  let room = columns
  const spans: Span[] = []
  for (const span of line) {
    const width = Bun.stringWidth(span.text)
    if (room <= 0) break
    spans.push(width <= room ? span : { ...span, text: cut(span.text, room) })
    room -= width
  }
  return spans
}

/** As much of the text's beginning as fits. */
export function cut(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text
  let shown = ""
  let used = 0
  for (const character of text) {
    const width = Bun.stringWidth(character)
    if (used + width > Math.max(0, columns - 1)) break
    shown += character
    used += width
  }
  return columns > 0 ? `${shown}…` : ""
}
