import { foldLine } from "./fold.ts"
import { numbered } from "./lines.ts"

/** Text that resembles what was looked for. `first` and `last` are 1-based lines. */
export interface Nearest {
  readonly first: number
  readonly last: number
  /** Numbered lines, bounded. */
  readonly text: string
  /** The first difference, in words. */
  readonly why: string
}

/** Bounds of the search: it explains a failure and must not cost more than the edit. */
const LINES_MAX = 50_000
const COMPARED_CHARACTERS_MAX = 2_000_000
const SHOWN_LINES_MAX = 20
const SIMILAR_ENOUGH = 0.45

/** The window of the file most like the old text, or undefined when nothing is like it. */
export function nearestText(text: string, old: string): Nearest | undefined {
  const lines = text.split("\n").slice(0, LINES_MAX)
  const needle = old.split("\n")
  const first = byEqualLines(lines, needle) ?? bySimilarLine(lines, needle)
  if (first === undefined) return undefined
  const from = Math.min(Math.max(first, 0), lines.length - 1)
  const to = Math.min(from + needle.length, lines.length)
  const shownTo = Math.min(to, from + SHOWN_LINES_MAX)
  const more = to > shownTo ? `\n… (${to - shownTo} more lines)` : ""
  return {
    first: from + 1,
    last: to,
    text: numbered(lines, from + 1, shownTo) + more,
    why: difference(lines.slice(from, to), needle, from + 1),
  }
}

const normal = (line: string) => foldLine(line).trim().replace(/\s+/g, " ")

/** Lines that are equal but for space vote for the window they would belong to; rare lines count for more. */
function byEqualLines(lines: readonly string[], needle: readonly string[]): number | undefined {
  const wanted = Map.groupBy(
    needle.map((line, index) => ({ line: normal(line), index })).filter(({ line }) => line.length > 2),
    ({ line }) => line,
  )
  const places = new Map<string, number[]>()
  for (const [at, line] of lines.entries()) {
    const key = normal(line)
    if (wanted.has(key)) places.set(key, [...(places.get(key) ?? []), at].slice(0, 50))
  }
  const votes = new Map<number, number>()
  for (const [key, found] of places) {
    for (const { index } of (wanted.get(key) ?? []).slice(0, 10)) {
      for (const at of found) votes.set(at - index, (votes.get(at - index) ?? 0) + 1 / found.length)
    }
  }
  return [...votes].sort(([a, x], [b, y]) => y - x || a - b)[0]?.[0]
}

/** The line that shares most pairs of letters with the longest old line. */
function bySimilarLine(lines: readonly string[], needle: readonly string[]): number | undefined {
  const wanted = needle.map(normal).reduce((longest, line) => (line.length > longest.length ? line : longest), "")
  const wantedPairs = letterPairs(wanted.toLowerCase())
  if (wantedPairs.size < 3) return undefined
  let best: { score: number; at: number } | undefined
  let compared = 0
  for (const [at, line] of lines.entries()) {
    compared += Math.min(line.length, 500)
    if (compared > COMPARED_CHARACTERS_MAX) break
    const score = alike(wantedPairs, letterPairs(normal(line.slice(0, 500)).toLowerCase()))
    if (score > (best?.score ?? SIMILAR_ENOUGH)) best = { score, at }
  }
  return best === undefined ? undefined : best.at - needle.findIndex((line) => normal(line) === wanted)
}

function letterPairs(line: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, line.length - 1) }, (_, index) => line.slice(index, index + 2)))
}

/** Dice's coefficient: twice the common part over the sum, 0 to 1. */
function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const pair of b) if (a.has(pair)) common += 1
  return (2 * common) / (a.size + b.size || 1)
}

function difference(window: readonly string[], needle: readonly string[], firstLine: number): string {
  const index = needle.findIndex((line, at) => normal(line) !== normal(window[at] ?? ""))
  if (index === -1) return "only spaces inside its lines differ"
  const [wanted, real] = [needle[index] ?? "", window[index]]
  if (real === undefined) return `the file ends before line ${index + 1} of oldText`
  const where = `line ${firstLine + index} differs`
  if (wanted.toLowerCase().trim() === real.toLowerCase().trim()) return `${where} in upper and lower case`
  return `${where}: oldText has ${quoted(wanted)}, the file has ${quoted(real)}`
}

const quoted = (line: string) =>
  JSON.stringify(line.trim().length > 120 ? `${line.trim().slice(0, 120)}…` : line.trim())
