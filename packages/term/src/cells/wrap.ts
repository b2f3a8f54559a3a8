import type { Line, Span, Style } from "../line.ts"
import { type Grapheme, graphemes } from "./graphemes.ts"
import { widthOf } from "./text.ts"

/** How the rows of one line stand below each other. */
export interface WrapOptions {
  /** Blank cells before every row but the first. At most half of the columns are taken. */
  readonly indent?: number | undefined
}

/**
 * One line as rows of at most so many cells. Breaks at blanks, which fall away at the break, and between wide characters; a
 * word that is longer than a row breaks where the row ends. Styles stay; a character is never split. Never empty.
 */
export function wrap(line: Line, columns: number, { indent = 0 }: WrapOptions = {}): readonly Line[] {
  if (columns < 1 || widthOf(line) <= columns) return [line]
  const blanks = Math.max(0, Math.min(indent, columns >> 1, columns - 2))
  const cells = line.flatMap(({ text, style }) => graphemes(text).map((grapheme) => ({ ...grapheme, style })))
  const rows: Line[] = []
  let from = 0
  while (from < cells.length) {
    const room = rows.length === 0 ? columns : columns - blanks
    const to = endOfRow(cells, from, room)
    const row = spansOf(cells, from, lastInk(cells, from, to))
    rows.push(rows.length === 0 || blanks === 0 ? row : [{ text: " ".repeat(blanks) }, ...row])
    from = to < cells.length ? firstInk(cells, to) : to
  }
  return rows
}

type StyledCell = Grapheme & { readonly style: Style | undefined }

/** Behind the last character of the row that starts at `from`; at least one character is taken. */
function endOfRow(cells: readonly StyledCell[], from: number, room: number): number {
  let used = 0
  let to = from
  for (; to < cells.length; to++) {
    used += cells[to]?.columns ?? 0
    if (used > room) break
  }
  if (to === cells.length) return to
  for (let at = to; at > from; at--) if (isBreakBefore(cells, from, at)) return at
  return Math.max(to, from + 1)
}

/** A row may end before a blank, after one, and at either side of a wide character. Blanks that lead a row are no word. */
function isBreakBefore(cells: readonly StyledCell[], from: number, at: number): boolean {
  const before = cells[at - 1]
  const after = cells[at]
  if (before === undefined || after === undefined) return false
  if (lastInk(cells, from, at) === from) return false
  return after.text === " " || before.text === " " || after.columns === 2 || before.columns === 2
}

function lastInk(cells: readonly StyledCell[], from: number, to: number): number {
  let end = to
  while (end > from && cells[end - 1]?.text === " ") end--
  return end
}

function firstInk(cells: readonly StyledCell[], from: number): number {
  let start = from
  while (start < cells.length && cells[start]?.text === " ") start++
  return start
}

function spansOf(cells: readonly StyledCell[], from: number, to: number): Line {
  const spans: Span[] = []
  for (let at = from; at < to; ) {
    const style = cells[at]?.style
    let text = ""
    for (; at < to && cells[at]?.style === style; at++) text += cells[at]?.text ?? ""
    spans.push(style === undefined ? { text } : { text, style })
  }
  return spans
}
