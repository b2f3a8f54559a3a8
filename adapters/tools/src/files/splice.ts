import { ToolFailure } from "@skein/core/ports"
import { byteLength, encodeText, type LineEnd, type TextFile } from "./text.ts"
import { cannotExpress, looksWestern } from "./windows-1252.ts"

/** A piece of `file.text` and what comes in its place. */
export interface Splice {
  readonly start: number
  readonly end: number
  /** Lines end in "\n"; written with `lineEnd`. */
  readonly text: string
  readonly lineEnd: LineEnd
}

/**
 * The file's bytes with some pieces replaced. `splices` are in order and do not overlap. Every byte outside of them is
 * the same as before, whatever the encoding. Throws ToolFailure when the encoding cannot express a new text.
 */
export function spliceBytes(bytes: Uint8Array, file: TextFile, splices: readonly Splice[]): Uint8Array {
  const toRaw = rawIndexes(file.raw)
  const pieces: Uint8Array[] = []
  let rawAt = 0
  let byteAt = file.bomBytes
  let copiedTo = 0
  for (const splice of splices) {
    const [start, end] = [toRaw(splice.start), toRaw(splice.end)]
    const old = file.raw.slice(start, end)
    const byteStart = byteAt + byteLength(file.encoding, file.raw.slice(rawAt, start))
    pieces.push(bytes.subarray(copiedTo, byteStart), encodeNew(file, old, splice))
    rawAt = end
    byteAt = byteStart + byteLength(file.encoding, old)
    copiedTo = byteAt
  }
  pieces.push(bytes.subarray(copiedTo))
  return Buffer.concat(pieces)
}

/** From an index in the text, where every line end is one character, to one in `raw`. */
export function rawIndexes(raw: string): (index: number) => number {
  if (!raw.includes("\r\n")) return (index) => index
  const pairs: number[] = []
  for (let at = raw.indexOf("\r\n"); at !== -1; at = raw.indexOf("\r\n", at + 2)) pairs.push(at - pairs.length)
  return (index) => index + countBelow(pairs, index)
}

function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}

function encodeNew(file: TextFile, old: string, { text, lineEnd }: Splice): Uint8Array {
  if (!text.isWellFormed()) throw new ToolFailure("The new text holds half of a surrogate pair. Nothing was written.")
  const raw = lineEnd === "\n" ? text : text.replaceAll("\n", lineEnd)
  if (file.encoding === "utf8-damaged") return encodeText("utf8-damaged", withDamagedBytes(raw, old))
  if (file.encoding === "windows-1252") refuseUncertain(raw, old, file)
  return encodeText(file.encoding, raw)
}

/** A "\uFFFD" that the model copied stands for the byte that was there. */
function withDamagedBytes(raw: string, old: string): string {
  const damaged = old.match(/(?<![\ud800-\udbff])[\udc80-\udcff]|\ufffd/g) ?? []
  let next = 0
  const restored = raw.replace(/\ufffd/g, () => damaged[next++] ?? "\ufffd")
  if (next === 0 || next === damaged.length) return restored
  throw new ToolFailure(
    "The replaced text holds bytes that are not UTF-8, shown as \ufffd, and the new text does not have as many of them. " +
      "Nothing was written. Choose an oldText without \ufffd, or keep each of them.",
  )
}

function refuseUncertain(raw: string, old: string, file: TextFile): void {
  const foreign = (raw.match(/[\x80-\u{10ffff}]+/gu) ?? []).find((run) => !old.includes(run))
  if (foreign !== undefined && !looksWestern(file.raw))
    throw cannotExpress(String.fromCodePoint(foreign.codePointAt(0) ?? 0))
}
