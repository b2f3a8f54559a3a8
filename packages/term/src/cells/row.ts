import type { Line, Style } from "../line.ts"
import { graphemes } from "./graphemes.ts"

/** One place of the grid. */
export interface Cell {
  /** What stands here; empty in the right half of a wide character. */
  readonly text: string
  readonly columns: 0 | 1 | 2
  readonly style: Style
  readonly isSure: boolean
}

/** Cells from the left, by column; what is missing at the right is blank. The last one is not blank. */
export type Row = readonly Cell[]

export const PLAIN: Style = {}
export const BLANK: Cell = { text: " ", columns: 1, style: PLAIN, isSure: true }
const RIGHT_HALF: Cell = { text: "", columns: 0, style: PLAIN, isSure: true }

/** The cells of a line, cut at so many columns. A wide character that fits by half is left out. */
export function rowOf(line: Line, columns: number): Row {
  const cells: Cell[] = []
  for (const { text, style = PLAIN } of line) {
    const blank = isSeenOnBlanks(style) ? undefined : BLANK
    for (const grapheme of graphemes(text)) {
      if (cells.length + grapheme.columns > columns) return trimmed(cells)
      if (blank !== undefined && grapheme.text === " ") cells.push(blank)
      else cells.push({ text: grapheme.text, columns: grapheme.columns, style, isSure: grapheme.isSure })
      if (grapheme.columns === 2) cells.push(RIGHT_HALF)
    }
  }
  return trimmed(cells)
}

/** A blank in another color, bold or slanted is a blank. */
export function isSeenOnBlanks(style: Style): boolean {
  return !!(style.background || style.isInverse || style.isUnderlined || style.isStruck || style.link)
}

function trimmed(cells: Cell[]): Row {
  while (cells[cells.length - 1] === BLANK) cells.pop()
  return cells
}

/** Whether every terminal gives all of them the same width. */
export function areSure(cells: Row): boolean {
  for (const cell of cells) if (!cell.isSure) return false
  return true
}

/** Whether both look the same on a screen. */
export function isSameCell(one: Cell, other: Cell): boolean {
  return one === other || (one.text === other.text && isSameStyle(one.style, other.style))
}

/** By value: what is left out is the same as what is off. */
export function isSameStyle(one: Style, other: Style): boolean {
  return (
    one === other ||
    (one.foreground === other.foreground &&
      one.background === other.background &&
      !one.isBold === !other.isBold &&
      !one.isDim === !other.isDim &&
      !one.isItalic === !other.isItalic &&
      !one.isUnderlined === !other.isUnderlined &&
      !one.isInverse === !other.isInverse &&
      !one.isStruck === !other.isStruck &&
      one.link === other.link)
  )
}

/** Whether two lines are the same by value: what most rows of two frames are, found without making cells. */
export function isSameLine(one: Line, other: Line): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) {
    const a = one[at]
    const b = other[at]
    if (a === b) continue
    if (a?.text !== b?.text || !isSameStyle(a?.style ?? PLAIN, b?.style ?? PLAIN)) return false
  }
  return true
}
