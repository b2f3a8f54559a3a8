import { lazy, visible } from "@skein/protocol"
import type { Line, Span, Style } from "@skein/term"

/** Cells that a text takes. Costs one scan for plain ASCII. */
export function width(text: string): number {
  return isAscii(text) ? text.length : Bun.stringWidth(text)
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + width(text), 0)
}

/** A foreign text on one row: every character seen, newlines and tabs as a space. */
export function oneLine(text: string): string {
  return visible(text).replaceAll("\n", " ").replaceAll("\t", " ")
}

/** A foreign text as rows: every character seen, tabs as four cells' worth of spaces. */
export function textRows(text: string): string[] {
  return visible(text)
    .split("\n")
    .map((row) => (row.includes("\t") ? untabbed(row) : row))
}

/** The text, or its beginning and `more` where it takes more cells than there are. */
export function cut(text: string, columns: number, more: string): string {
  if (width(text) <= columns) return text
  const room = columns - width(more)
  return room < 0 ? "" : `${head(text, room)}${more}`
}

/** The same for a text whose end tells most: a path. */
export function cutStart(text: string, columns: number, more: string): string {
  if (width(text) <= columns) return text
  const room = columns - width(more)
  if (room < 0) return ""
  const parts = pieces(text)
  let from = parts.length
  let cells = 0
  while (from > 0) {
    cells += width(parts[from - 1] ?? "")
    if (cells > room) break
    from -= 1
  }
  return `${more}${parts.slice(from).join("")}`
}

/** The same for spans. */
export function cutLine(line: Line, columns: number, more: string): Line {
  if (lineWidth(line) <= columns) return line
  const room = columns - width(more)
  if (room < 0) return []
  const kept: Span[] = []
  let cells = 0
  for (const span of line) {
    const taken = width(span.text)
    if (cells + taken <= room) {
      kept.push(span)
      cells += taken
      continue
    }
    kept.push({ ...span, text: `${head(span.text, room - cells)}${more}` })
    break
  }
  return kept
}

/** Cells `from` to `from + columns` of a line; a wide character that lies across an edge is left out. */
export function windowOf(line: Line, from: number, columns: number): Line {
  if (from === 0 && lineWidth(line) <= columns) return line
  const kept: Span[] = []
  let at = 0
  for (const span of line) {
    let text = ""
    for (const piece of pieces(span.text)) {
      const cells = width(piece)
      if (at >= from && at + cells <= from + columns) text += piece
      at += cells
    }
    if (text !== "") kept.push({ ...span, text })
  }
  return kept
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
  return text + " ".repeat(Math.max(0, columns - width(text)))
}

export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - width(text))) + text
}

/** Rows no wider than that, broken at spaces where there are some. */
export function wrap(text: string, columns: number): string[] {
  return textRows(text).flatMap((row) => wrapRow(row, Math.max(1, columns)))
}

/** The whole row in another style: what stood out before stands out still, and nothing of it is dim. */
export function restyled(line: Line, style: Style, columns: number): Line {
  const spans = line.map((span) => ({ text: span.text, style: { ...span.style, isDim: undefined, ...style } }))
  const rest = columns - lineWidth(line)
  return rest > 0 ? [...spans, { text: " ".repeat(rest), style }] : spans
}

/** What a person sees as one character each. */
export function pieces(text: string): readonly string[] {
  if (isAscii(text)) return text.split("")
  return Array.from(segmenter().segment(text), ({ segment }) => segment)
}

const segmenter = lazy(() => new Intl.Segmenter(undefined, { granularity: "grapheme" }))

function head(text: string, columns: number): string {
  if (columns <= 0) return ""
  if (isAscii(text)) return text.slice(0, columns)
  let kept = ""
  let cells = 0
  for (const piece of pieces(text)) {
    cells += width(piece)
    if (cells > columns) break
    kept += piece
  }
  return kept
}

function wrapRow(row: string, columns: number): string[] {
  const rows: string[] = []
  let rest = row
  while (width(rest) > columns) {
    const whole = head(rest, columns)
    const space = whole.lastIndexOf(" ")
    const isAtWord = rest[whole.length] === " "
    const taken = isAtWord || space < columns / 3 ? whole : rest.slice(0, space)
    // A character wider than the room stands alone and is cut by whoever draws it.
    const kept = taken === "" ? (pieces(rest)[0] ?? rest) : taken
    rows.push(kept.trimEnd())
    rest = rest.slice(kept.length).replace(/^ /, "")
    if (kept !== taken && columns < 2) return rows
  }
  return [...rows, rest]
}

function untabbed(row: string): string {
  return row.replaceAll("\t", "    ")
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 32 || code > 126) return false
  }
  return true
}
