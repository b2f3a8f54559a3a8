import { ToolFailure } from "@skein/core/ports"
import { foldLine } from "../edit/fold.ts"
import { type Lines, lineAt } from "../edit/lines.ts"
import { findMatches, type Match, type Stage } from "../edit/match.ts"
import { nearestText } from "../edit/nearest.ts"
import { type Chunk, newLinesOf, oldLinesOf } from "./operations.ts"

/** A file's text as it is before any chunk, and which of it the chunks before have. */
export interface Searched {
  readonly text: string
  readonly lines: Lines
  readonly taken: readonly { readonly start: number; readonly end: number }[]
}

/** Where a chunk stands, and what is to be put there. */
export interface Located {
  readonly match: Match
  readonly stage: Stage
  readonly old: string
  readonly next: string
}

/**
 * Finds the one place of a chunk: below its heads, after the chunks before it, else anywhere. Only whole lines count. Throws
 * ToolFailure when the lines are not there, or there more than once and nothing tells which is meant.
 */
export function locate(chunk: Chunk, searched: Searched): Located {
  const head = headOf(chunk, searched)
  const oldLines = oldLinesOf(chunk)
  if (oldLines.length === 0) return added(chunk, searched, head)
  for (const attempt of attempts(chunk)) {
    for (const from of [head.end, head.start, 0]) {
      const found = findMatches(searched.text, attempt.old, { isEvery: false, fits: fitting(attempt, searched, from) })
      if (found.count === 0) continue
      const match = found.count === 1 ? found.matches[0] : told(found.matches, chunk, searched, head)
      if (match === undefined) throw ambiguous(found.count, found.matches, searched)
      return { match, stage: found.stage, old: attempt.old, next: attempt.next }
    }
  }
  throw notFound(chunk, searched)
}

interface Head {
  /** Of its line, and of the line after it. Both where the last chunk ended, when there is no head. */
  readonly start: number
  readonly end: number
  /** The file has these heads once, so that the first place below them is the one that is meant. */
  readonly isCertain: boolean
}

function headOf({ heads }: Chunk, { text, lines, taken }: Searched): Head {
  const after = Math.max(0, ...taken.map(({ end }) => end))
  let head: Head = { start: after, end: after, isCertain: false }
  for (const [index, wanted] of heads.entries()) {
    const places = headLines(wanted, lines)
    const place = places.find((line) => (lines.starts[line] ?? 0) >= head.start) ?? places[0]
    if (place === undefined)
      throw new ToolFailure(`no line reads ${JSON.stringify(wanted.slice(0, 120))}, which "@@" names.`)
    const isCertain = places.length === 1 || (index > 0 && head.isCertain)
    head = { start: lines.starts[place] ?? 0, end: lines.starts[place + 1] ?? text.length, isCertain }
  }
  return head
}

const NORMALS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => foldLine(line).trim(),
]

function headLines(wanted: string, { texts }: Lines): readonly number[] {
  for (const normal of NORMALS) {
    const places = texts.flatMap((line, index) => (normal(line) === normal(wanted) ? [index] : []))
    if (places.length > 0) return places
  }
  return []
}

interface Attempt {
  readonly old: string
  readonly next: string
  readonly isAtEnd: boolean
}

/** Each line with its end; where that is not found, up to the end of a file whose last line has none. */
function* attempts(chunk: Chunk): Generator<Attempt> {
  const { isAtEnd, hasNoOldEnd = false, hasNoNewEnd = false } = chunk
  const [old, next] = [oldLinesOf(chunk), newLinesOf(chunk)]
  const nextText = next.length === 0 ? "" : next.join("\n") + (hasNoNewEnd ? "" : "\n")
  if (!hasNoOldEnd) yield { old: `${old.join("\n")}\n`, next: nextText, isAtEnd: isAtEnd || hasNoNewEnd }
  // A last line that stays has no end afterwards either; one that is new gets one, unless the diff says otherwise.
  const isKept = chunk.lines.at(-1)?.kind === "context"
  yield { old: old.join("\n"), next: isKept ? next.join("\n") : nextText, isAtEnd: true }
}

function fitting({ isAtEnd }: Attempt, { text, taken }: Searched, from: number) {
  return ({ start, end }: { readonly start: number; readonly end: number }) =>
    start >= from &&
    (start === 0 || text[start - 1] === "\n") &&
    (!isAtEnd || end === text.length) &&
    !taken.some((other) => start < other.end && end > other.start)
}

/** The one of several places that the chunk itself tells: by the line it names, or as the first below its head. */
function told(matches: readonly Match[], { line, heads }: Chunk, { lines }: Searched, head: Head): Match | undefined {
  if (line !== undefined) return matches.find(({ start }) => lineAt(lines, start) === line)
  return heads.length > 0 && head.isCertain ? matches[0] : undefined
}

/** Lines that are only added go below the head, after the line that a diff names, else to the end of the file. */
function added(chunk: Chunk, { text, lines }: Searched, head: Head): Located {
  const { heads, line } = chunk
  const named = line === undefined ? undefined : (lines.starts[line] ?? text.length)
  const at = heads.length > 0 ? head.end : chunk.isAtEnd ? text.length : (named ?? text.length)
  const needsEnd = at === text.length && text !== "" && !text.endsWith("\n")
  const body = newLinesOf(chunk).join("\n")
  const next = `${needsEnd ? "\n" : ""}${body}${chunk.hasNoNewEnd === true ? "" : "\n"}`
  return { match: { start: at, end: at, lines: [{ start: at, text: "" }] }, stage: "exact", old: "", next }
}

function ambiguous(count: number, matches: readonly Match[], { lines }: Searched): ToolFailure {
  const at = matches.slice(0, 20).map(({ start }) => lineAt(lines, start))
  return new ToolFailure(
    `its lines occur ${count} times, at lines ${at.join(", ")}${count > at.length ? " and more" : ""}. Add lines of context ` +
      'until there is one place, or name a line above it behind "@@".',
  )
}

function notFound(chunk: Chunk, { text }: Searched): ToolFailure {
  const [old, next] = [oldLinesOf(chunk).join("\n"), newLinesOf(chunk).join("\n")]
  if (next.trim() !== "" && findMatches(text, next, { isEvery: false }).count > 0)
    return new ToolFailure("its old lines are not there, and its new lines are: it may be applied already.")
  const nearest = text === "" ? undefined : nearestText(text, old)
  if (nearest === undefined)
    return new ToolFailure("its lines are not in the file, nor anything like them. Read the file.")
  return new ToolFailure(
    `its lines are not in the file. The nearest text is at lines ${nearest.first}-${nearest.last} (${nearest.why}):\n${nearest.text}\n` +
      "Copy the lines from there.",
  )
}
