import { decodeText } from "./text.ts"

/** What changed between two contents of a file. */
export interface TextDiff {
  /** Unified, bounded; says so where it is cut. Empty for binary files. */
  readonly text: string
  readonly added: number
  readonly removed: number
  /** 1-based first line of each change in the new text; at most 10. */
  readonly lines: readonly number[]
}

/** Unchanged lines shown on each side of a change. */
export const CONTEXT_LINES = 3
/** Differing lines beyond which a file counts as rewritten: comparing costs their square. */
const EDITS_MAX = 1_000
const SHOWN_LINES_MAX = 400
const SHOWN_CHARACTERS_MAX = 30_000

/** `path` is for the header; null stands for no file. */
export async function diffOf(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
  linesMax = SHOWN_LINES_MAX,
): Promise<TextDiff> {
  const [old, next] = [before, after].map((bytes) => (bytes === null ? "" : decodeText(bytes)?.text))
  if (old === undefined || next === undefined) return { text: "", added: 0, removed: 0, lines: [] }
  const { structuredPatch } = await import("diff")
  const patch = structuredPatch(path, path, old, next, "", "", { context: CONTEXT_LINES, maxEditLength: EDITS_MAX })
  const hunks = patch?.hunks ?? rewritten(withoutEnd(old), withoutEnd(next))
  const all = hunks.flatMap((hunk) => hunk.lines)
  return {
    text: bounded(
      [
        `--- ${before === null ? "/dev/null" : path}`,
        `+++ ${after === null ? "/dev/null" : path}`,
        ...hunks.flatMap(hunkText),
      ],
      linesMax,
    ),
    added: all.filter((line) => line.startsWith("+")).length,
    removed: all.filter((line) => line.startsWith("-")).length,
    lines: hunks.flatMap(changedLines).slice(0, 10),
  }
}

interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

/** Without comparing at a cost: line against line where the count is the same, else all from the first to the last change. */
function rewritten(old: readonly string[], next: readonly string[]): Hunk[] {
  if (old.length === next.length) return linePairs(old, next)
  let head = 0
  while (head < old.length && head < next.length && old[head] === next[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, next.length) - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1
  return [changed(old.slice(head, old.length - tail), next.slice(head, next.length - tail), head)]
}

function linePairs(old: readonly string[], next: readonly string[]): Hunk[] {
  const hunks: Hunk[] = []
  for (let from = 0; from < old.length; from++) {
    let to = from
    while (to < old.length && old[to] !== next[to]) to += 1
    if (to > from) hunks.push(changed(old.slice(from, to), next.slice(from, to), from))
    from = to
  }
  return hunks
}

function changed(removed: readonly string[], added: readonly string[], at: number): Hunk {
  const lines = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)]
  return { oldStart: at + 1, oldLines: removed.length, newStart: at + 1, newLines: added.length, lines }
}

function withoutEnd(text: string): readonly string[] {
  return text === "" ? [] : (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n")
}

/** A side without lines is counted from the line before it, as in GNU diff. */
const hunkText = ({ oldStart, oldLines, newStart, newLines, lines }: Hunk) => [
  `@@ -${oldLines === 0 ? oldStart - 1 : oldStart},${oldLines} +${newLines === 0 ? newStart - 1 : newStart},${newLines} @@`,
  ...lines,
]

/** The first line of each run of added or removed lines. */
function changedLines(hunk: Hunk): number[] {
  const found: number[] = []
  let at = hunk.newStart
  let wasChange = false
  for (const line of hunk.lines) {
    if (line.startsWith("\\")) continue // "No newline at end of file"
    const isChange = line.startsWith("+") || line.startsWith("-")
    if (isChange && !wasChange) found.push(Math.max(at, 1))
    if (line.startsWith("+") || line.startsWith(" ")) at += 1
    wasChange = isChange
  }
  return found
}

/** As many lines as may be shown, and how many are left out. */
export function bounded(lines: readonly string[], linesMax: number): string {
  const kept: string[] = []
  let characters = 0
  for (const line of lines) {
    const cut = line.length > 1_000 ? `${line.slice(0, 1_000)}…` : line
    characters += cut.length + 1
    if (kept.length >= linesMax || characters > SHOWN_CHARACTERS_MAX) break
    kept.push(cut)
  }
  const left = lines.length - kept.length
  return kept.join("\n") + (left > 0 ? `\n… (${left} more lines of diff)\n` : "\n")
}
