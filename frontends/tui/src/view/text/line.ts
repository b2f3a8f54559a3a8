import { cut, isPicture, type Line, pad, type Style, widthOf } from "@skein/term"
import { cutText } from "./width.ts"

/** Cells before everything. */
export const GUTTER = 2

/** What is left for text between the gutters; on a screen too small for them it has all of it. */
export function textColumns(columns: number): number {
  return columns > ROOMY_COLUMNS ? columns - 2 * GUTTER : Math.max(columns - GUTTER, 1)
}

const ROOMY_COLUMNS = 20

/** What the surface knows of lines, by names that tell them from those of texts. */
export { cut as cutLine, pad as padded, widthOf as lineWidth }

/** `left`, and `right` at the far end, two cells apart at least. What does not fit is cut from the left one. */
export function sides(left: Line, right: Line, columns: number, more: string): Line {
  const taken = widthOf(right)
  if (taken === 0 || taken + LEFT_MIN + GAP_MIN > columns) return cut(left, columns, more)
  const room = columns - taken - GAP_MIN
  const shown = cut(left, room, more)
  return [...shown, { text: " ".repeat(room - widthOf(shown) + GAP_MIN) }, ...right]
}

export const GAP_MIN = 2
const LEFT_MIN = 4

/** The whole row of an entry that is chosen: what stood out before stands out still, and nothing of it is dim. */
export function chosen(line: Line, style: Style, columns: number): Line {
  // A picture is told by its look.
  const spans = line.map((span) =>
    isPicture(span) ? span : { text: span.text, style: { ...span.style, isDim: undefined, ...style } },
  )
  return pad(spans, columns, style)
}

/** Every line some cells further in. */
export function indented(lines: readonly Line[], columns: number): Line[] {
  const gutter = { text: " ".repeat(columns) }
  return lines.map((line) => (line.length === 0 ? line : [gutter, ...line]))
}

/** Each line behind something, as a quote is behind its bar. */
export function behind(lines: readonly Line[], text: string, style: Style): Line[] {
  return lines.map((line) => [{ text, style }, ...line])
}

/** The last guard: whatever a view made of a screen that is too small for it, no line is wider. */
export function within(lines: readonly Line[], columns: number, more: string): Line[] {
  return lines.map((line) => cut(line, columns, columns < 1 ? "" : cutText(more, 1, "")))
}
