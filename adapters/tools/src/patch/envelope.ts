import { ToolFailure } from "@skein/core/ports"
import type { Chunk, ChunkLine, FileOperation, Patch } from "./operations.ts"

export const BEGIN = "*** Begin Patch"
const END = "*** End Patch"
const END_OF_FILE = "*** End of File"

/**
 * The public `apply_patch` format: operations on files between two marks. Marks and headers may have space around them. Source:
 * the format's published grammar and its scenarios.
 */
export function parseEnvelope(lines: readonly string[]): Patch {
  if (lines.at(-1)?.trim() !== END) throw unreadable(lines.length, `its last line is not "${END}"`)
  const reader = new LineReader(lines.slice(1, -1), 2)
  const operations: FileOperation[] = []
  while (reader.peek() !== undefined) {
    const operation = readOperation(reader)
    if (operation !== undefined) operations.push(operation)
  }
  if (operations.length === 0) throw new ToolFailure("The patch changes no file. Nothing was written.")
  return { operations, isInOrder: true }
}

const unreadable = (line: number, why: string) =>
  new ToolFailure(`The patch cannot be read at its line ${line}: ${why}. Nothing was written.`)

class LineReader {
  readonly #lines: readonly string[]
  readonly #first: number
  #at = 0

  constructor(lines: readonly string[], first: number) {
    this.#lines = lines
    this.#first = first
  }
  peek(): string | undefined {
    return this.#lines[this.#at]
  }
  take(): string {
    return this.#lines[this.#at++] ?? ""
  }
  get number(): number {
    return this.#first + this.#at
  }
  /** A blank line that parts two operations is no line of context. */
  isBlankBeforeHeader(): boolean {
    if (this.peek()?.trim() !== "") return false
    const next = this.#lines.slice(this.#at).find((line) => line.trim() !== "")
    return next === undefined || isHeader(next)
  }
}

const HEADER = /^\*\*\* (Add|Delete|Update) File: (.+)$/

/** Undefined for a blank line between two of them. */
function readOperation(reader: LineReader): FileOperation | undefined {
  const { number } = reader
  const header = reader.take().trim()
  if (header === "") return undefined
  const [, kind, path = ""] = HEADER.exec(header) ?? []
  if (kind === "Add") return { kind: "add", path, content: readContent(reader), mayReplace: true }
  if (kind === "Delete") return { kind: "delete", path }
  if (kind === "Update") return readUpdate(path, number, reader)
  throw unreadable(
    number,
    `${JSON.stringify(header.slice(0, 80))} is no header; there are "*** Add File: ", "*** Update File: " and "*** Delete File: "`,
  )
}

function readContent(reader: LineReader): string {
  const lines: string[] = []
  while (reader.peek()?.startsWith("+") === true) lines.push(reader.take().slice(1))
  const next = reader.peek()
  if (next !== undefined && next.trim() !== "" && !next.trimStart().startsWith("*** "))
    throw unreadable(reader.number, 'a line of a new file begins with "+"')
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`
}

function readUpdate(path: string, number: number, reader: LineReader): FileOperation {
  const moved = /^\*\*\* Move to: (.+)$/.exec(reader.peek()?.trim() ?? "")
  if (moved !== null) reader.take()
  const chunks: Chunk[] = []
  while (reader.peek() !== undefined && !isHeader(reader.peek()) && !reader.isBlankBeforeHeader())
    chunks.push(readChunk(reader, chunks.length === 0))
  if (chunks.length === 0 && moved === null) throw unreadable(number, `the update of ${path} has no chunk`)
  return { kind: "update", path, to: moved?.[1], chunks }
}

/** At its place between two chunks a header may be indented, as at the start of a line. */
const isHeader = (line: string | undefined) => line !== undefined && HEADER.test(line.trim())

const NUMBERS = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@/

function readChunk(reader: LineReader, isFirst: boolean): Chunk {
  const heads: string[] = []
  let line: number | undefined
  const { number } = reader
  while (reader.peek()?.trimEnd() === "@@" || reader.peek()?.startsWith("@@ ") === true) {
    const head = reader.take()
    const numbers = NUMBERS.exec(head)
    if (numbers !== null) line = Number(numbers[1])
    else if (head.slice(3).trim() !== "") heads.push(head.slice(3).trimEnd())
  }
  if (reader.number === number && !isFirst) throw unreadable(number, 'a chunk begins with "@@"')
  const lines = readLines(reader)
  const isAtEnd = reader.peek()?.trim() === END_OF_FILE
  if (isAtEnd) reader.take()
  if (lines.length === 0) throw unreadable(number, "the chunk has no line")
  return { heads, lines, isAtEnd, line }
}

function readLines(reader: LineReader): readonly ChunkLine[] {
  const lines: ChunkLine[] = []
  for (let next = reader.peek(); next !== undefined; next = reader.peek()) {
    const line = chunkLine(next)
    if (reader.isBlankBeforeHeader()) break
    if (line === undefined) {
      if (next.startsWith("@@") || next.startsWith("***") || (lines.length === 0 && isHeader(next))) break
      throw unreadable(reader.number, 'a line of a chunk begins with " ", "-" or "+"')
    }
    lines.push(line)
    reader.take()
  }
  return lines
}

/** A line without anything is a blank line of context: the one space in front of it gets lost easily. */
export function chunkLine(line: string): ChunkLine | undefined {
  const text = line.slice(1)
  if (line === "" || line.startsWith(" ")) return { kind: "context", text }
  if (line.startsWith("-")) return { kind: "old", text }
  return line.startsWith("+") ? { kind: "new", text } : undefined
}
