import { compare, differingWords, type RowChange, type Size, tellComparison } from "@skein/term"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { type Compared, comparedOf } from "./compared.ts"

/** What a person would see differ between two views or kept snapshots. 0 when nothing does, 1 when something does. */
export const run: Run = async ({ flags, words, io }) => {
  const [one, other] = words
  if (one === undefined || other === undefined || words.length > 2)
    throw new UsageError("Two of them: skein view compare <view or file> <view or file>")
  const sides = [comparedOf(one, flags, io.cwd), comparedOf(other, flags, io.cwd)] as const
  const hasLooks = sides.every((side) => side.hasLooks)
  const [before, after] = sides.map(({ lines }) => ({ lines: hasLooks ? lines : lines.map(withoutLooks) }))
  const comparison = compare(before ?? { lines: [] }, after ?? { lines: [] }, sizeFor(sides))
  if (flags.has("json")) {
    const changes = comparison.changes.map(withWords)
    io.out(JSON.stringify({ before: one, after: other, hasLooks, ...comparison, changes }, null, 2))
  } else {
    for (const line of tellComparison(comparison)) io.out(line)
    if (!hasLooks) io.out("Text alone was compared: a snapshot has looks where it was kept with --json.")
  }
  return comparison.isSame ? 0 : 1
}

/** Both whole: what one screen has more is told as added or removed. */
function sizeFor(sides: readonly Compared[]): Size {
  const columns = Math.max(1, ...sides.map((side) => side.columns))
  const rows = Math.max(1, ...sides.map(({ lines }) => lines.length))
  return { columns, rows }
}

function withoutLooks(line: Compared["lines"][number]): Compared["lines"][number] {
  return line.map(({ text }) => ({ text }))
}

function withWords(change: RowChange): object {
  return change.kind === "changed" ? { ...change, words: differingWords(change.before, change.after) } : change
}
