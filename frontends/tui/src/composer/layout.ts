import { safeLine } from "../view/text/safe.ts"
import { cutText, widthOf } from "../view/text/width.ts"
import { chipLabel } from "./chips.ts"
import { graphemes, nextBoundary, previousBoundary, snapped } from "./graphemes.ts"
import type { Chip } from "./state.ts"
import { type Cells, cellsOf } from "./width.ts"

/** One row of the screen: text[start, end), without its newline. */
export interface Row {
  readonly start: number
  readonly end: number
  /** Whether the line goes on in the next row. */
  readonly isWrapped: boolean
}

/** How a text is put into rows. Each question costs the rows near it, never the whole text. */
export interface Layout {
  readonly text: string
  readonly chips: ReadonlyMap<string, Chip>
  /** Cells of a row; at least one. The caret may stand in one more. */
  readonly columns: number
  /** What was found out already: rows that are asked for follow each other. */
  readonly known: { line?: Line; readonly blocks: Map<number, readonly number[]> }
}

interface Line {
  readonly start: number
  readonly end: number
}

/** The rows of a text: found where they are asked for, not laid out in advance. */
export function layoutOf(state: Pick<Layout, "text" | "chips">, columns: number): Layout {
  const cells = Math.max(1, columns - GUTTER - 1)
  return { text: state.text, chips: state.chips, columns: cells, known: { blocks: new Map() } }
}

/** Cells before a row: two for the prompt. One more at the edge is the caret's. */
export const GUTTER = 2

/** The row with this offset. */
export function rowAt(layout: Layout, offset: number): Row {
  const line = lineOf(layout, offset)
  const block = blockAt(layout, line, offset)
  const starts = layout.known.blocks.get(block.start) ?? rowStarts(layout, block.start, block.end)
  layout.known.blocks.set(block.start, starts)
  let index = starts.length - 1
  while (index > 0 && (starts[index] ?? 0) > offset) index--
  const end = starts[index + 1] ?? block.end
  return { start: starts[index] ?? block.start, end, isWrapped: end < line.end }
}

/** Undefined before the first row. */
export function rowBefore(layout: Layout, row: Row): Row | undefined {
  if (row.start === 0) return undefined
  return rowAt(layout, previousBoundary(layout.text, row.start))
}

/** Undefined after the last row. */
export function rowAfter(layout: Layout, row: Row): Row | undefined {
  if (row.isWrapped) return rowAt(layout, row.end)
  return row.end < layout.text.length ? rowAt(layout, row.end + 1) : undefined
}

/** Cells between the row's start and the offset. */
export function columnOf(layout: Layout, row: Row, offset: number): number {
  let column = 0
  for (const grapheme of graphemes(layout.text, row.start, Math.min(offset, row.end))) {
    column += cellsAt(layout, grapheme.text).width
  }
  return column
}

/** Where in the row a caret stands that wants to be at this cell: on the grapheme that covers it, or at the end. */
export function offsetAt(layout: Layout, row: Row, column: number): number {
  let used = 0
  let last = row.start
  for (const grapheme of graphemes(layout.text, row.start, row.end)) {
    const { width } = cellsAt(layout, grapheme.text)
    if (used + width > column) return grapheme.at
    used += width
    last = grapheme.at
  }
  return row.isWrapped ? last : row.end
}

/** What a grapheme of this text takes: a chip is its label. */
export function cellsAt(layout: Layout, grapheme: string): Cells {
  const chip = layout.chips.size === 0 ? undefined : layout.chips.get(grapheme)
  if (chip !== undefined) {
    const label = cutText(safeLine(chipLabel(chip)), layout.columns, MORE)
    return { text: label, width: widthOf(label) }
  }
  const cells = cellsOf(grapheme)
  return cells.width <= layout.columns ? cells : { text: MORE, width: 1 }
}

/** Where a row is too narrow for all of something. */
const MORE = "…"

/** Where the line with this offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1
}

/** Where it ends, before its newline. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset)
  return at === -1 ? text.length : at
}

function lineOf({ text, known }: Layout, offset: number): Line {
  const { line } = known
  if (line !== undefined && offset >= line.start && offset <= line.end) return line
  known.line = { start: lineStart(text, offset), end: lineEnd(text, offset) }
  return known.line
}

/**
 * A line is laid out in blocks of about this many units, each of which begins a row: where a row begins then depends on
 * nothing far away. A block is a whole number of rows of narrow text, so that only wide text shows a seam.
 */
const BLOCK = 4096

function blockAt(layout: Layout, line: Line, offset: number): Line {
  const length = layout.columns * Math.ceil(BLOCK / layout.columns)
  if (line.end - line.start <= length) return line
  const edge = (index: number) => Math.min(line.end, snapped(layout.text, line.start + index * length))
  let index = Math.floor((Math.min(offset, line.end) - line.start) / length)
  if (index > 0 && edge(index) > offset) index--
  // The end of a line that fills its block belongs to that block.
  if (index > 0 && edge(index) === line.end) index--
  return { start: edge(index), end: edge(index + 1) }
}

function rowStarts(layout: Layout, start: number, end: number): number[] {
  const { text, columns } = layout
  const starts = [start]
  if (!/[^ -~]/.test(text.slice(start, end))) {
    for (let at = start + columns; at < end; at += columns) starts.push(at)
    return starts
  }
  let used = 0
  for (let at = start; at < end; ) {
    const next = Math.min(end, nextBoundary(text, at))
    const { width } = cellsAt(layout, text.slice(at, next))
    if (used + width > columns && used > 0) {
      starts.push(at)
      used = 0
    }
    used += width
    at = next
  }
  return starts
}
