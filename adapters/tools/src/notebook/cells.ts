import { createHash } from "node:crypto"
import { ToolFailure } from "@skein/core/ports"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { elementsOf, type Span } from "./spans.ts"

export interface CellChange {
  /** Its id, or its number from 1; left out, an insertion is at the beginning. */
  readonly cell?: string | undefined
  readonly source?: string | undefined
  readonly type?: "code" | "markdown" | "raw" | undefined
  readonly mode: "replace" | "insert" | "delete"
}

export interface ChangedBook {
  readonly text: string
  /** `cell 3`, after `Replaced`. */
  readonly what: string
}

/**
 * A notebook (nbformat 4) with one cell changed: every other byte stays as it was. Throws ToolFailure for what is no
 * notebook or has no such cell. A cell whose source changes loses its outputs: they are those of another code.
 */
export function changedBook(text: string, change: CellChange): ChangedBook {
  const book = parsed(text)
  const cells = asList(book.cells).map((cell) => asObject(cell) ?? {})
  const spans = elementsOf(text, "cells")
  const form = formOf(text)
  const at = change.cell === undefined ? undefined : found(change.cell, cells)
  const { mode, source } = change
  if (mode !== "delete" && source === undefined) throw new ToolFailure(`To ${mode} a cell, give its source.`)
  if (mode === "insert") {
    const cell = { ...fresh(change.type ?? "code", change, book, cells), source: linesOf(source ?? "") }
    const before = at === undefined ? 0 : at + 1
    return { text: inserted(text, spans, before, written(cell, form)), what: `Inserted cell ${before + 1}` }
  }
  if (at === undefined)
    throw new ToolFailure(`Which cell? Give the id or the number of one: there are ${cells.length}.`)
  if (mode === "delete") return { text: removed(text, spans, at), what: `Deleted cell ${at + 1}` }
  const cell = replaced(cells[at] ?? {}, change)
  const { from, to } = spanAt(spans.elements, at)
  return { text: text.slice(0, from) + written(cell, form) + text.slice(to), what: `Replaced cell ${at + 1}` }
}

function parsed(text: string): Json {
  const value = jsonOf(text.replace(/^\ufeff/, ""))
  const book = asObject(value)
  if (book === undefined || !Array.isArray(book.cells)) {
    throw new ToolFailure("It is no notebook of today's format (nbformat 4): it has no list of cells.")
  }
  return book
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new ToolFailure(`It is no notebook: ${cause.message}.`, { cause })
  }
}

/** By id first: an id may look like a number. `cell-3`, as other programs count, is the fourth. */
function found(cell: string, cells: readonly Json[]): number {
  const byId = cells.findIndex(({ id }) => id === cell)
  if (byId >= 0) return byId
  const counted = /^cell-(\d+)$/.exec(cell)?.[1]
  const at = counted === undefined ? Number(cell) - 1 : Number(counted)
  if (Number.isInteger(at) && at >= 0 && at < cells.length) return at
  throw new ToolFailure(
    `There is no cell ${JSON.stringify(cell)}: it has ${cells.length} cells. Read it for their ids.`,
  )
}

function replaced(cell: Json, { source, type }: CellChange): Json {
  const kind = type ?? asText(cell.cell_type) ?? "code"
  const { outputs: _, execution_count: __, ...kept } = cell
  const ran = kind === "code" ? { execution_count: null, outputs: [] } : {}
  return { ...kept, cell_type: kind, ...ran, source: linesOf(source ?? "") }
}

/** nbformat 4.5 gives each cell an id of up to 64 letters, digits, `-` and `_`, one of its kind in the notebook. */
function fresh(kind: string, { source = "" }: CellChange, book: Json, cells: readonly Json[]): Json {
  const hasIds = book.nbformat === 4 && typeof book.nbformat_minor === "number" && book.nbformat_minor >= 5
  const ran = kind === "code" ? { execution_count: null, outputs: [] } : {}
  return { cell_type: kind, ...(hasIds ? { id: freshId(source, cells) } : {}), metadata: {}, ...ran }
}

/** Of the content, so that what is shown before an approval is what is written after it. */
function freshId(source: string, cells: readonly Json[]): string {
  const taken = new Set(cells.map(({ id }) => id))
  for (let round = cells.length; ; round += 1) {
    const id = createHash("sha256").update(`${round}\n${source}`).digest("hex").slice(0, 8)
    if (!taken.has(id)) return id
  }
}

/** As notebooks keep text: a list of lines with their ends. */
function linesOf(source: string): readonly string[] {
  return source.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

interface Form {
  /** `""`: all on one line. */
  readonly indent: string
  readonly newline: string
}

function formOf(text: string): Form {
  const match = /^\ufeff?\s*\{(\r?\n)([ \t]*)"/.exec(text)
  return { indent: match?.[2] ?? "", newline: match?.[1] ?? "\n" }
}

/** A cell as it stands two levels deep. */
function written(cell: Json, { indent, newline }: Form): string {
  const lines = JSON.stringify(cell, null, indent).split("\n")
  return lines.join(indent === "" ? "" : `${newline}${indent}${indent}`)
}

interface Spans {
  readonly elements: readonly Span[]
  /** What is between the brackets. */
  readonly inside: Span
}

/** Between two cells stands what stands between the list's beginning and its first one, and a comma. */
function inserted(text: string, { elements, inside }: Spans, before: number, cell: string): string {
  const first = elements[0]
  if (first === undefined) return `${text.slice(0, inside.from)}${cell}${text.slice(inside.to)}`
  const gap = text.slice(inside.from, first.from)
  if (before === 0) return `${text.slice(0, first.from)}${cell},${gap}${text.slice(first.from)}`
  const { to } = spanAt(elements, before - 1)
  return `${text.slice(0, to)},${gap}${cell}${text.slice(to)}`
}

function removed(text: string, { elements, inside }: Spans, at: number): string {
  const { from, to } = spanAt(elements, at)
  const next = elements[at + 1]
  if (next !== undefined) return text.slice(0, from) + text.slice(next.from)
  const previous = elements[at - 1]
  if (previous === undefined) return text.slice(0, inside.from) + text.slice(inside.to)
  return text.slice(0, previous.to) + text.slice(to)
}

function spanAt(elements: readonly Span[], at: number): Span {
  const span = elements[at]
  if (span === undefined) throw new Error(`The notebook has no element ${at}, though it was counted.`)
  return span
}
