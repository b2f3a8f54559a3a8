import { type CodePlace, ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import type { Place } from "../files/place.ts"
import type { LspInput } from "./input.ts"

type Named = Pick<LspInput, "line" | "column" | "symbol">

const FILE_BYTES_MAX = 4_000_000

/**
 * The place that is meant: a column, or a name on a line, or the first place of a name in the file. Models count columns
 * badly and know names. Throws ToolFailure.
 */
export async function pointOf(place: Place, named: Named, world: ToolWorld): Promise<CodePlace> {
  const { line, column, symbol } = named
  const { bytes } = await world.files.read(place.path, { bytesMax: FILE_BYTES_MAX })
  const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split(/\r\n|\r|\n/)
  if (line !== undefined && line > lines.length) {
    throw new ToolFailure(`${place.shown} has ${lines.length} lines, and no line ${line}.`)
  }
  if (symbol === undefined || symbol === "") {
    if (line === undefined) throw new ToolFailure("This action needs a symbol, or a line and a column.")
    const first = (lines[line - 1] ?? "").search(/\S/) + 1
    return { path: place.path, line, column: column ?? Math.max(1, first) }
  }
  const order = line === undefined ? lines.map((_, at) => at) : [line - 1]
  for (const at of order) {
    const found = wordIn(lines[at] ?? "", symbol)
    if (found !== -1) return { path: place.path, line: at + 1, column: found + 1 }
  }
  const others = lines.flatMap((text, at) => (wordIn(text, symbol) === -1 ? [] : [at + 1])).slice(0, 5)
  const where = others.length === 0 ? "It does not stand in this file." : `It stands on line ${others.join(", ")}.`
  throw new ToolFailure(`${symbol} does not stand on line ${line} of ${place.shown}. ${where}`)
}

/** As a word of its own; -1 when it is not there. */
function wordIn(line: string, symbol: string): number {
  for (let at = line.indexOf(symbol); at !== -1; at = line.indexOf(symbol, at + 1)) {
    if (!isWord(line[at - 1]) && !isWord(line[at + symbol.length])) return at
  }
  return -1
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character)
}
