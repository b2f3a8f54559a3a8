import type { Line, Span } from "@skein/term"
import { lineWidth, padded } from "../text/line.ts"
import { wrap } from "../text/wrap.ts"
import type { Drawing } from "./context.ts"
import { inlineSpans } from "./inline.ts"
import type { MarkdownElement, MarkdownNode } from "./tree.ts"

interface Cell {
  readonly spans: readonly Span[]
  readonly align: string | undefined
}

const GAP = 2
/** Below this a cell is a tower of letters: then rows are put under each other. */
const CELL_COLUMNS_MIN = 8

/** A table in columns, wrapped within its cells, with one rule below its head; where there is no room: row by row. */
export function tableLines(table: MarkdownElement, columns: number, drawing: Drawing): Line[] {
  const [head = [], ...rows] = elements(table.children)
    .flatMap((part) => elements(part.children))
    .map((row) => cellsOf(row, drawing))
  const widths = columnWidths([head, ...rows], columns)
  if (widths === undefined) return stacked(head, rows, columns)
  const rule = widths.map((width) => drawing.look.glyphs.rule.repeat(width)).join(" ".repeat(GAP))
  return [
    ...rowLines(head, widths),
    [{ text: rule, style: drawing.look.theme.dim }],
    ...rows.flatMap((row) => rowLines(row, widths)),
  ]
}

function elements(nodes: readonly MarkdownNode[]): MarkdownElement[] {
  return nodes.filter((node) => typeof node !== "string")
}

function cellsOf(row: MarkdownElement, drawing: Drawing): Cell[] {
  return elements(row.children).map(({ type, children, align }) => ({
    spans: inlineSpans(children, type === "th" ? drawing.look.theme.strong : undefined, drawing),
    align,
  }))
}

/** As wide as they would like to be; else the widest give way, evenly, down to a bound. */
function columnWidths(rows: readonly (readonly Cell[])[], columns: number): number[] | undefined {
  const count = Math.max(...rows.map((row) => row.length), 1)
  const room = columns - GAP * (count - 1)
  const wishes = Array.from({ length: count }, (_, at) =>
    Math.max(1, ...rows.map((row) => lineWidth(row[at]?.spans ?? []))),
  )
  let widths = wishes
  for (let bound = Math.max(...wishes); sum(widths) > room; bound -= 1) {
    if (bound < CELL_COLUMNS_MIN) return undefined
    const over = sum(widths) - room
    const widest = widths.filter((width) => width >= bound).length
    // Far away it goes in steps, so that a cell of a megabyte costs no million rounds.
    const step = Math.max(1, Math.min(Math.floor(over / Math.max(widest, 1)), bound - CELL_COLUMNS_MIN))
    if (step > 1 && widest > 0) bound = Math.max(nextBelow(wishes, bound, bound - step), CELL_COLUMNS_MIN)
    const limit = bound
    widths = wishes.map((width) => Math.min(width, limit))
  }
  return widths
}

/** A bound is lowered no further than to the next narrower column, where more columns begin to give way. */
function nextBelow(wishes: readonly number[], bound: number, wanted: number): number {
  return Math.max(wanted, ...wishes.filter((width) => width < bound))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function rowLines(cells: readonly Cell[], widths: readonly number[]): Line[] {
  const wrapped = widths.map((width, at) => wrap(cells[at]?.spans ?? [], width))
  const height = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, row) =>
    trimmed(
      widths.flatMap((width, at) => [
        ...(at === 0 ? [] : [{ text: " ".repeat(GAP) }]),
        ...aligned(wrapped[at]?.[row] ?? [], width, cells[at]?.align),
      ]),
    ),
  )
}

function aligned(line: Line, columns: number, align: string | undefined): Line {
  const gap = columns - lineWidth(line)
  if (gap <= 0) return line
  if (align === "right") return [{ text: " ".repeat(gap) }, ...line]
  if (align === "center") return padded([{ text: " ".repeat(gap >> 1) }, ...line], columns)
  return padded(line, columns)
}

function trimmed(line: Line): Line {
  const end = line.findLastIndex(({ text }) => text.trim() !== "")
  return line.slice(0, end + 1)
}

/** `head: cell`, a line each, a blank line between rows. */
function stacked(head: readonly Cell[], rows: readonly (readonly Cell[])[], columns: number): Line[] {
  if (rows.length === 0) return head.flatMap(({ spans }) => wrap(spans, columns))
  return rows.flatMap((row, at) => [
    ...(at === 0 ? [] : [[]]),
    ...row.flatMap(({ spans }, column) => {
      const name = head[column]?.spans ?? []
      return wrap(lineWidth(name) === 0 ? spans : [...name, { text: ": " }, ...spans], columns)
    }),
  ])
}
