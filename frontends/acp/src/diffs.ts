import type { Json } from "./rpc.ts"
import { fenced } from "./text.ts"

export interface ShownChange {
  /** Absolute. */
  readonly path: string
  /** Unified, perhaps cut. */
  readonly diff: string
}

/**
 * A change as ACP shows it: one `diff` for each hunk, which holds the changed lines and those around them, not the whole
 * file. A unified diff that was cut does not give both texts, so it is shown as it is.
 */
export function diffContent({ path, diff }: ShownChange): readonly Json[] {
  const hunks = isWhole(diff) ? hunksOf(diff) : []
  if (hunks.length === 0) {
    return [{ type: "content", content: { type: "text", text: fenced(diff, "diff") } }]
  }
  const isNew = diff.startsWith("--- /dev/null\n")
  return hunks.map((lines) => ({
    type: "diff",
    path,
    oldText: isNew ? null : side(lines, "-"),
    newText: side(lines, "+"),
  }))
}

/** Lines longer than this are cut where diffs are made, with an ellipsis. */
const LINE_CHARS_MAX = 1_000

function isWhole(diff: string): boolean {
  const lines = diff.split("\n")
  return !lines.some((line) => line.startsWith("… (") || (line.length > LINE_CHARS_MAX && line.endsWith("…")))
}

function hunksOf(diff: string): readonly (readonly string[])[] {
  const hunks: string[][] = []
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("@@ ")) hunks.push([])
    else hunks.at(-1)?.push(line)
  }
  return hunks
}

/** One side's text of a hunk. `\ No newline at end of file` belongs to the line before it. */
function side(lines: readonly string[], sign: "-" | "+"): string {
  let text = ""
  let isLastOurs = false
  for (const line of lines) {
    if (line.startsWith("\\")) {
      if (isLastOurs) text = text.slice(0, -1)
      continue
    }
    isLastOurs = line.startsWith(sign) || line.startsWith(" ") || line === ""
    if (isLastOurs) text += `${line.slice(1)}\n`
  }
  return text
}
