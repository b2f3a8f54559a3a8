import { ToolFailure } from "@skein/core/ports"
import type { Units } from "./units.ts"

export interface NotebookImage {
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly name: string
}

const OUTPUT_CHARS_MAX = 5_000
const IMAGES_MAX = 4

/** The cells of a Jupyter notebook with what they gave: nbformat 4, and 3's `worksheets` as far as they are alike. */
export function notebookText(bytes: Uint8Array, isWanted: (cell: number, count: number) => boolean) {
  const book = parsed(bytes)
  const cells = listOf(book.cells ?? objectOf(listOf(book.worksheets)[0]).cells)
  const language = textOf(objectOf(objectOf(book.metadata).language_info).name) || "python"
  const images: NotebookImage[] = []
  const parts = cells.flatMap((cell, at) =>
    isWanted(at + 1, cells.length) ? [cellText(objectOf(cell), at + 1, language, images)] : [],
  )
  const left = images.length - IMAGES_MAX
  const notes = left > 0 ? [`${left} more picture${left === 1 ? " is" : "s are"} not shown.`] : []
  const text: Units = { text: parts.join("\n\n"), unit: "cell", units: cells.length, notes }
  return { ...text, images: images.slice(0, IMAGES_MAX) }
}

function cellText(cell: Json, number: number, language: string, images: NotebookImage[]): string {
  const kind = textOf(cell.cell_type) || "code"
  const id = textOf(cell.id)
  const head = `[cell ${number}${id === "" ? "" : ` ${id.slice(0, 64)}`}: ${kind}]`
  const source = joined(cell.source ?? cell.input).trimEnd()
  if (kind !== "code") return `${head}\n${source}`
  const outputs = listOf(cell.outputs).flatMap((output) => outputText(objectOf(output), number, images))
  return [head, `\`\`\`${language}\n${source}\n\`\`\``, ...outputs].join("\n")
}

function outputText(output: Json, cell: number, images: NotebookImage[]): readonly string[] {
  if (output.output_type === "error" || output.output_type === "pyerr") {
    const trace = joined(listOf(output.traceback).map((line) => `${textOf(line)}\n`))
    return [`[output: ${textOf(output.ename)}: ${textOf(output.evalue)}]`, bounded(trace)].filter((line) => line !== "")
  }
  if (output.output_type === "stream") return [`[output]\n${bounded(joined(output.text))}`]
  const data = objectOf(output.data ?? output)
  const texts: string[] = []
  for (const mediaType of ["image/png", "image/jpeg"] as const) {
    const base64 = joined(data[mediaType])
    if (base64 === "") continue
    const name = `cell ${cell}, picture ${images.length + 1}`
    images.push({ mediaType, bytes: new Uint8Array(Buffer.from(base64, "base64")), name })
    texts.push(`[output: ${name}]`)
  }
  const plain = joined(data["text/markdown"] ?? data["text/plain"] ?? data.text)
  if (plain !== "") texts.push(`[output]\n${bounded(plain)}`)
  return texts
}

const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g

function bounded(text: string): string {
  const plain = text.replace(COLOURS, "").trimEnd()
  return plain.length > OUTPUT_CHARS_MAX
    ? `${plain.slice(0, OUTPUT_CHARS_MAX)}\n(${plain.length - OUTPUT_CHARS_MAX} more characters)`
    : plain
}

type Json = Readonly<Record<string, unknown>>

function parsed(bytes: Uint8Array): Json {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const book = objectOf(value)
    if (Array.isArray(book.cells) || Array.isArray(book.worksheets)) return book
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new ToolFailure(`It is no notebook: ${cause.message}.`, { cause })
  }
  throw new ToolFailure("It is no notebook: it has no cells.")
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : ""
}

/** A text, or a list of its lines. */
function joined(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join("") : textOf(value)
}
