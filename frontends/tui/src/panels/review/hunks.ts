import type { PathDiff } from "@skein/protocol"
import { safeLines } from "../../view/text/safe.ts"

/** One stretch of changed lines of one file. */
export interface Hunk {
  readonly path: string
  /** Its place among the hunks of its file, from 0, and how many those are. */
  readonly index: number
  readonly count: number
  readonly lines: readonly HunkLine[]
  /** It speaks of a folder, and of no file. */
  readonly isFolder?: true | undefined
  /** This hunk alone as a unified diff of its file; empty for what is no text. */
  readonly patch: string
}

/** A line of a hunk, with its numbers before and after. */
export interface HunkLine {
  readonly kind: "kept" | "added" | "removed" | "note"
  /** Made visible; without the sign. */
  readonly text: string
  /** Line numbers before and after, from 1. */
  readonly before?: number | undefined
  readonly after?: number | undefined
}

/** All hunks of all files, in order. What is no text is one hunk that says so. */
export function hunksOf(files: readonly PathDiff[]): readonly Hunk[] {
  return files.flatMap(({ path, diff, isFolder }) => {
    const rows = diff.split("\n")
    const starts = rows.flatMap((row, at) => (HEADER.test(row) ? [at] : []))
    if (starts.length === 0) return [{ ...noteHunk(path, diff), ...(isFolder === true ? { isFolder } : {}) }]
    const head = rows.slice(0, starts[0])
    return starts.map((start, index) => {
      const end = starts[index + 1] ?? rows.length
      const own = withoutEnd(rows.slice(start, end))
      const patch = `${[...head, ...own].join("\n")}\n`
      return { path, index, count: starts.length, lines: linesOf(own), patch }
    })
  })
}

/** `+9 −4` */
export function sizesOf(hunks: readonly Hunk[]): { readonly added: number; readonly removed: number } {
  const count = (kind: HunkLine["kind"]) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.kind === kind).length, 0)
  return { added: count("added"), removed: count("removed") }
}

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

function noteHunk(path: string, diff: string): Hunk {
  // Its path stands above it.
  const said = diff.startsWith(`${path}: `) ? diff.slice(path.length + 2) : diff
  const lines = safeLines(said.trim()).map((text): HunkLine => ({ kind: "note", text }))
  return { path, index: 0, count: 1, lines, patch: "" }
}

function withoutEnd(rows: readonly string[]): readonly string[] {
  return rows.at(-1) === "" ? rows.slice(0, -1) : rows
}

function linesOf([header = "", ...rows]: readonly string[]): HunkLine[] {
  const [, before = "1", after = "1"] = HEADER.exec(header) ?? []
  let old = Number(before)
  let now = Number(after)
  return rows.map((row): HunkLine => {
    const text = safeLines(row.slice(1)).join(" ")
    if (row.startsWith("+")) return { kind: "added", text, after: now++ }
    if (row.startsWith("-")) return { kind: "removed", text, before: old++ }
    if (row.startsWith("\\")) return { kind: "note", text }
    return { kind: "kept", text, before: old++, after: now++ }
  })
}
