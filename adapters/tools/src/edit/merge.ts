import type { Splice } from "../files/splice.ts"
import type { LineEnd } from "../files/text.ts"
import { foldUnits } from "./fold.ts"
import type { Hunk } from "./hunks.ts"
import { type Indenter, indentOf } from "./indent.ts"
import type { Match, Piece } from "./match.ts"

export interface Merge {
  readonly match: Match
  readonly old: readonly string[]
  readonly next: readonly string[]
  /** Where `old` and `next` differ. */
  readonly hunks: readonly Hunk[]
  readonly indent: Indenter
  readonly lineEnd: LineEnd
}

/**
 * What really has to change in the file: only the lines that differ between the old and the new text, and of those only
 * the part that differs. What the model repeated as context stays as the file has it, with its own line ends, spaces and
 * quotes.
 */
export function mergeSplices(merge: Merge): readonly Splice[] {
  return merge.hunks.flatMap((hunk) => {
    const pairs = hunk.oldTo - hunk.oldFrom
    if (pairs === hunk.newTo - hunk.newFrom) {
      return Array.from({ length: pairs }, (_, index) => lineSplice(merge, hunk.oldFrom + index, hunk.newFrom + index))
    }
    return [blockSplice(merge, hunk)]
  })
}

/** One line for one line. */
function lineSplice({ match, old, next, indent, lineEnd }: Merge, oldIndex: number, newIndex: number): Splice {
  const piece = pieceAt(match, oldIndex)
  const oldLine = old[oldIndex] ?? ""
  const newLine = next[newIndex] ?? ""
  const whole = { start: piece.start, end: piece.start + piece.text.length, text: indent(newLine, oldIndex), lineEnd }
  if (piece.text === oldLine) return trimmed(whole, piece.text)
  const [a, b] = [parts(oldLine), parts(newLine)]
  const file = parts(piece.text)
  if (file.body.length !== a.body.length || foldUnits(file.body) !== foldUnits(a.body)) return whole
  // The bodies answer to each other unit by unit, so what the model left alone can stay as the file has it.
  const { head, tail } = commonEnds(a.body, b.body)
  const kept =
    file.body.slice(0, head) + b.body.slice(head, b.body.length - tail) + file.body.slice(file.body.length - tail)
  const end = a.end === b.end ? file.end : b.end
  const text = (a.indent === b.indent ? file.indent : indentOf(whole.text)) + (b.body === "" ? "" : kept + end)
  return trimmed({ ...whole, text: b.body === "" ? "" : text }, piece.text)
}

/** Some lines for another number of lines; taken out or put in, a line goes with one line end. */
function blockSplice({ match, next, indent, lineEnd }: Merge, { oldFrom, oldTo, newFrom, newTo }: Hunk): Splice {
  const lines = next.slice(newFrom, newTo).map((line) => indent(line))
  const [first, after] = [pieceAt(match, oldFrom), pieceAt(match, oldTo)]
  const isLast = oldTo === match.lines.length
  if (oldFrom === oldTo) {
    const text = isLast ? `\n${lines.join("\n")}` : `${lines.join("\n")}\n`
    return { start: first.start, end: first.start, text, lineEnd }
  }
  if (lines.length > 0) {
    const old = match.lines
      .slice(oldFrom, oldTo)
      .map((piece) => piece.text)
      .join("\n")
    return trimmed({ start: first.start, end: first.start + old.length, text: lines.join("\n"), lineEnd }, old)
  }
  if (!isLast) return { start: first.start, end: after.start, text: "", lineEnd }
  const before = pieceAt(match, oldFrom - 1)
  return { start: oldFrom === 0 ? match.start : before.start + before.text.length, end: match.end, text: "", lineEnd }
}

function pieceAt(match: Match, index: number): Piece {
  return match.lines[index] ?? { start: match.end, text: "" }
}

function parts(line: string): { indent: string; body: string; end: string } {
  const indent = indentOf(line)
  const body = line.slice(indent.length).trimEnd()
  return { indent, body, end: line.slice(indent.length + body.length) }
}

function commonEnds(a: string, b: string): { head: number; tail: number } {
  const max = Math.min(a.length, b.length)
  let head = 0
  while (head < max && a[head] === b[head]) head += 1
  if (isHigh(a, head - 1)) head -= 1
  let tail = 0
  while (tail < max - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  if (isLow(a, a.length - tail)) tail -= 1
  return { head, tail }
}

/** Without what is the same at both ends; a pair of surrogates is never cut. */
function trimmed(splice: Splice, old: string): Splice {
  const { head, tail } = commonEnds(old, splice.text)
  return {
    ...splice,
    start: splice.start + head,
    end: splice.end - tail,
    text: splice.text.slice(head, splice.text.length - tail),
  }
}

const isHigh = (text: string, at: number) => at >= 0 && (text.charCodeAt(at) & 0xfc00) === 0xd800
const isLow = (text: string, at: number) => at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00
