import type { Line, Span, Style } from "../line.ts"
import { columnsOf, graphemes, isPlainAscii } from "./graphemes.ts"

/** Cells that a line covers. */
export function widthOf(line: Line): number {
  let columns = 0
  for (const { text } of line) columns += columnsOf(text)
  return columns
}

/**
 * The part of a line that fits into so many cells; a character that would only fit by half is left out. Where something had
 * to go and there is room, `mark` stands at the end, in the style of what it replaces.
 */
export function cut(line: Line, columns: number, mark = ""): Line {
  if (widthOf(line) <= columns) return line
  const room = Math.max(0, columns - columnsOf(mark))
  const kept: Span[] = []
  let used = 0
  for (const span of line) {
    const part = firstColumns(span.text, room - used)
    used += columnsOf(part)
    if (part !== "") kept.push(part === span.text ? span : { ...span, text: part })
    if (part === span.text) continue
    if (mark !== "" && columns >= columnsOf(mark)) kept.push({ ...span, text: mark })
    break
  }
  return kept
}

function firstColumns(text: string, columns: number): string {
  if (isPlainAscii(text)) return text.slice(0, Math.max(0, columns))
  let kept = ""
  let used = 0
  for (const grapheme of graphemes(text)) {
    used += grapheme.columns
    if (used > columns) return kept
    kept += grapheme.text
  }
  return text
}

/** The line and blanks behind it, so many cells in all. A wider line stays as it is. */
export function pad(line: Line, columns: number, style?: Style): Line {
  const missing = columns - widthOf(line)
  return missing > 0 ? [...line, { text: " ".repeat(missing), style }] : line
}
