import { foldLine, foldUnits } from "./fold.ts"
import { type Lines, linesOf } from "./lines.ts"

/** How a text was found, strictest first. */
export const STAGES = ["exact", "trailing space", "indentation", "typography"] as const
export type Stage = (typeof STAGES)[number]

/** One place where the old text stands: its lines, each beside the old line it answers to. */
export interface Match {
  readonly start: number
  readonly end: number
  /** The pieces of the file between the line ends of the match; as many as `old` has lines. */
  readonly lines: readonly Piece[]
}
export interface Piece {
  readonly start: number
  readonly text: string
}

export interface Found {
  readonly stage: Stage
  /** How many there are. Of very many that are not all to be replaced, `matches` holds only the first. */
  readonly count: number
  readonly matches: readonly Match[]
}

export interface Wanted {
  /** Every one is to be replaced, so those that overlap an earlier one do not count. Otherwise they make it ambiguous. */
  readonly isEvery: boolean
  /** Where else it may not stand. */
  readonly fits?: ((span: { readonly start: number; readonly end: number }) => boolean) | undefined
}

/** What is told of an ambiguous text; building more would take seconds in a large file. */
const KEPT_MAX = 100

/**
 * Looks for `old` in `text`, stage by stage; the first that finds it anywhere decides, for a later one finds at least as
 * much. From the third stage on whole lines are compared; a text of blank lines only is looked for exactly.
 */
export function findMatches(text: string, old: string, wanted: Wanted): Found {
  const exact = spanMatches(text, text, old, wanted)
  if (exact.count > 0) return { stage: "exact", ...exact }
  if (old.trim() === "") return { stage: "exact", count: 0, matches: [] }
  const lines = linesOf(text)
  const needle = old.split("\n")
  for (const [stage, normal] of LINE_STAGES) {
    const matches = lineMatches(lines, needle, normal, wanted)
    if (matches.length > 0) return { stage, count: matches.length, matches }
  }
  const folded = spanMatches(text, foldUnits(text), foldUnits(old), wanted)
  if (folded.count > 0) return { stage: "typography", ...folded }
  const matches = lineMatches(lines, needle, (line) => foldLine(line).trim(), wanted)
  return { stage: "typography", count: matches.length, matches }
}

const LINE_STAGES: readonly (readonly [Stage, (line: string) => string])[] = [
  ["trailing space", (line) => line.trimEnd()],
  ["indentation", (line) => line.trim()],
]

/** Places of `part` in `hay`, which is `text` or has a unit for each of its units. */
function spanMatches(text: string, hay: string, part: string, { isEvery, fits }: Wanted): Omit<Found, "stage"> {
  const starts: number[] = []
  const step = isEvery ? part.length : 1
  for (let start = hay.indexOf(part); start !== -1; start = hay.indexOf(part, start + step)) {
    if (fits?.({ start, end: start + part.length }) ?? true) starts.push(start)
  }
  const kept = isEvery ? starts : starts.slice(0, KEPT_MAX)
  return { count: starts.length, matches: kept.map((start) => spanMatch(text, start, start + part.length)) }
}

function spanMatch(text: string, start: number, end: number): Match {
  const lines = linesOf(text.slice(start, end))
  return {
    start,
    end,
    lines: lines.texts.map((line, index) => ({ start: start + (lines.starts[index] ?? 0), text: line })),
  }
}

/**
 * Places where every line equals its old line once both are brought to normal form. A last "\n" of the old text ends at
 * the start of the next line, whatever that holds.
 */
function lineMatches(
  lines: Lines,
  old: readonly string[],
  normal: (line: string) => string,
  { isEvery, fits }: Wanted,
): Match[] {
  const hay = lines.texts.map(normal)
  const compared = old.at(-1) === "" ? old.length - 1 : old.length
  const needle = old.slice(0, compared).map(normal)
  const pivot = rarest(hay, needle)
  if (pivot === undefined) return []
  const matches: Match[] = []
  let free = 0
  for (const at of pivot.places) {
    const first = at - pivot.index
    if (first < free || first + old.length > hay.length) continue
    if (!needle.every((line, index) => hay[first + index] === line)) continue
    const match = lineMatch(lines, first, old.length, compared)
    if (fits?.(match) === false) continue
    matches.push(match)
    if (isEvery) free = first + compared
  }
  return matches
}

/** The old line that the file has least often: only its places are worth a look. */
function rarest(
  hay: readonly string[],
  needle: readonly string[],
): { index: number; places: readonly number[] } | undefined {
  const places = new Map<string, number[]>(needle.filter((line) => line !== "").map((line) => [line, []]))
  for (const [index, line] of hay.entries()) places.get(line)?.push(index)
  const [best] = [...places].sort(([, a], [, b]) => a.length - b.length)
  if (best === undefined || best[1].length === 0) return undefined
  return { index: needle.indexOf(best[0]), places: best[1] }
}

function lineMatch(lines: Lines, first: number, count: number, compared: number): Match {
  const pieces = Array.from({ length: count }, (_, index) => ({
    start: lines.starts[first + index] ?? 0,
    text: index < compared ? (lines.texts[first + index] ?? "") : "",
  }))
  const last = pieces.at(-1)
  return { start: pieces[0]?.start ?? 0, end: (last?.start ?? 0) + (last?.text.length ?? 0), lines: pieces }
}
