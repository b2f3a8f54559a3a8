/** A stretch of changed lines of one file. */
export interface Hunk {
  /** Absolute. */
  readonly path: string
  /** As the diff has it: `@@ -1,3 +1,3 @@`. */
  readonly header: string
  /** First lines of both sides, from 1. */
  readonly oldStart: number
  readonly newStart: number
  /** With their signs. */
  readonly lines: readonly string[]
}

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** The hunks of a unified diff of one file, in order; none of what is no text. */
export function hunksOf(diff: string, path: string): Hunk[] {
  const hunks: (Hunk & { lines: string[] })[] = []
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const [, oldStart, newStart] = HEADER.exec(line) ?? []
    if (oldStart !== undefined) {
      hunks.push({ path, header: line, oldStart: Number(oldStart), newStart: Number(newStart), lines: [] })
    } else if (/^[ +\-\\]/.test(line)) {
      hunks.at(-1)?.lines.push(line)
    }
  }
  return hunks
}

/** One side of a hunk, byte for byte. `\ No newline at end of file` belongs to the line before it. */
export function side({ lines }: Hunk, sign: "+" | "-"): string {
  let text = ""
  let isLastOwn = false
  for (const line of lines) {
    if (line.startsWith("\\")) {
      if (isLastOwn) text = text.slice(0, -1)
      continue
    }
    isLastOwn = line.startsWith(sign) || line.startsWith(" ")
    if (isLastOwn) text += `${line.slice(1)}\n`
  }
  return text
}

/** What `files.revert` is told of a hunk of a whole diff. */
export function revertOf(hunk: Hunk): { readonly line: number; readonly oldText: string; readonly newText: string } {
  const newText = side(hunk, "+")
  // Where nothing stands now, the number is that of the line before.
  return { line: newText === "" ? hunk.newStart + 1 : hunk.newStart, oldText: side(hunk, "-"), newText }
}

/** A text with these hunks done to it: what a change would make of a file. Undefined where they do not fit. */
export function withHunks(text: string, hunks: readonly Hunk[]): string | undefined {
  let lines = text
  for (const hunk of hunks.toReversed()) {
    const starts = lineStarts(lines)
    const before = side(hunk, "-")
    const at = starts[before === "" ? hunk.oldStart : Math.max(0, hunk.oldStart - 1)] ?? lines.length
    if (lines.slice(at, at + before.length) !== before) return undefined
    lines = lines.slice(0, at) + side(hunk, "+") + lines.slice(at + before.length)
  }
  return lines
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return starts
}
