import type { Line, Span, Style } from "@skein/term"
import { cutText, headOf, widthOf } from "./width.ts"

/** Cells before everything. */
export const GUTTER = 2

/** What is left for text between the gutters; on a screen too small for them it has all of it. */
export function textColumns(columns: number): number {
  return columns > ROOMY_COLUMNS ? columns - 2 * GUTTER : Math.max(columns - GUTTER, 1)
}

const ROOMY_COLUMNS = 20

export function lineWidth(line: Line): number {
  let width = 0
  for (const { text } of line) width += widthOf(text)
  return width
}

/** A line whose end is left out where it does not fit. */
export function cutLine(line: Line, columns: number, more: string): Line {
  if (lineWidth(line) <= columns) return line
  const room = columns - 1
  const cut: Span[] = []
  let width = 0
  for (const { text, style } of line) {
    const head = headOf(text, room - width)
    width += widthOf(head)
    if (head !== "") cut.push({ text: head, style })
    if (head.length < text.length) break
  }
  return columns < 1 ? [] : [...cut, { text: more, style: cut.at(-1)?.style }]
}

/** What stands left, and what stands right of it at the edge. Without room for both the right one is left out. */
export function leftAndRight(left: Line, right: Line, columns: number): Line {
  const gap = columns - lineWidth(left) - lineWidth(right)
  if (right.length === 0 || gap < GAP_MIN) return left
  return [...left, { text: " ".repeat(gap) }, ...right]
}

export const GAP_MIN = 2

/** Every line some cells further in. */
export function indented(lines: readonly Line[], columns: number): Line[] {
  const gutter = { text: " ".repeat(columns) }
  return lines.map((line) => (line.length === 0 ? line : [gutter, ...line]))
}

/** Each line behind something, as a quote is behind its bar. */
export function behind(lines: readonly Line[], text: string, style: Style): Line[] {
  return lines.map((line) => [{ text, style }, ...line])
}

/** Filled with spaces on the right. */
export function padded(line: Line, columns: number): Line {
  const gap = columns - lineWidth(line)
  return gap > 0 ? [...line, { text: " ".repeat(gap) }] : line
}

/** The last guard: whatever a view made of a screen that is too small for it, no line is wider. */
export function within(lines: readonly Line[], columns: number, more: string): Line[] {
  return lines.map((line) => cutLine(line, columns, columns < 1 ? "" : cutText(more, 1, "")))
}
