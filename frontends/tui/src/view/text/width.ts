import { widthOf as cellsOf } from "@skein/term"

/** Every code unit is one cell. */
const PLAIN = /^[\x20-\x7e]*$/

/** Cells that a text takes on a screen, as the surface counts them. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : cellsOf([{ text }])
}

/** Whether every code unit is one cell. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

let segmenter: Intl.Segmenter | undefined

/** What a person takes for one character each. */
export function graphemesOf(text: string): string[] {
  if (PLAIN.test(text)) return text.split("")
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** As much of the beginning as fits. */
export function headOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(columns, 0))
  let width = 0
  let head = ""
  // No grapheme is drawn in less than a cell, but for marks that stand alone: what is far beyond the width is not looked at.
  for (const grapheme of graphemesOf(text.slice(0, Math.max(columns, 0) * UNITS_PER_CELL_MAX))) {
    width += widthOf(grapheme)
    if (width > columns) break
    head += grapheme
  }
  return head
}

/** As much of the end as fits. */
export function tailOf(text: string, columns: number): string {
  if (columns <= 0) return ""
  if (PLAIN.test(text)) return text.slice(-columns)
  let width = 0
  let tail = ""
  for (const grapheme of graphemesOf(text.slice(-columns * UNITS_PER_CELL_MAX)).reverse()) {
    width += widthOf(grapheme)
    if (width > columns) break
    tail = grapheme + tail
  }
  return tail
}

/** A family of four is eleven units in two cells; more marks than this on one cell are a joke. */
const UNITS_PER_CELL_MAX = 16

/** One line of text, its end left out where it does not fit. */
export function cutText(text: string, columns: number, more: string): string {
  if (text.length <= columns && PLAIN.test(text)) return text
  if (widthOf(text) <= columns) return text
  return columns < 1 ? "" : headOf(text, columns - 1) + more
}

/** The same with its middle left out: of a path, what it is called matters more than where it begins. */
export function cutMiddle(text: string, columns: number, more: string): string {
  if (widthOf(text) <= columns) return text
  if (columns < 1) return ""
  const left = Math.floor((columns - 1) / 3)
  return headOf(text, left) + more + tailOf(text, columns - 1 - left)
}

/** The same with its beginning left out: of a path the end tells most. */
export function cutStart(text: string, columns: number, more: string): string {
  if (widthOf(text) <= columns) return text
  return columns < 1 ? "" : more + tailOf(text, columns - 1)
}

/** Filled with spaces on the right. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)))
}

/** Filled with spaces on the left. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text
}
