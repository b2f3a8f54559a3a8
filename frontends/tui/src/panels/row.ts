import type { Line, Style } from "@skein/term"
import { cutLine, lineWidth } from "../view/text/line.ts"
import { safeLines } from "../view/text/safe.ts"
import { graphemesOf, headOf, tailOf, widthOf } from "../view/text/width.ts"

/** A text's end, which of a path tells most, where it takes more cells than there are. */
export function cutStart(text: string, columns: number, more: string): string {
  if (widthOf(text) <= columns) return text
  return columns < 1 ? "" : more + tailOf(text, columns - 1)
}

/** `left`, and `right` at the far end, two cells apart at least. What does not fit is cut from the left one. */
export function sides(left: Line, right: Line, columns: number, more: string): Line {
  const taken = lineWidth(right)
  if (taken === 0 || taken + 6 > columns) return cutLine(left, columns, more)
  const room = columns - taken - GAP
  const shown = cutLine(left, room, more)
  return [...shown, { text: " ".repeat(room - lineWidth(shown) + GAP) }, ...right]
}

const GAP = 2

export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)))
}

export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text
}

/** Rows no wider than that, broken at spaces where there are some. */
export function wrap(text: string, columns: number): string[] {
  return safeLines(text).flatMap((row) => wrapRow(row, Math.max(1, columns)))
}

/** The whole row in another style: what stood out before stands out still, and nothing of it is dim. */
export function restyled(line: Line, style: Style, columns: number): Line {
  const spans = line.map((span) => ({ text: span.text, style: { ...span.style, isDim: undefined, ...style } }))
  const rest = columns - lineWidth(line)
  return rest > 0 ? [...spans, { text: " ".repeat(rest), style }] : spans
}

function wrapRow(row: string, columns: number): string[] {
  const rows: string[] = []
  let rest = row
  while (widthOf(rest) > columns) {
    const whole = headOf(rest, columns)
    const space = whole.lastIndexOf(" ")
    const isAtWord = rest[whole.length] === " "
    const taken = isAtWord || space < columns / 3 ? whole : rest.slice(0, space)
    // A character wider than the room stands alone and is cut by whoever draws it.
    const kept = taken === "" ? (graphemesOf(rest)[0] ?? rest) : taken
    rows.push(kept.trimEnd())
    rest = rest.slice(kept.length).replace(/^ /, "")
  }
  return [...rows, rest]
}
