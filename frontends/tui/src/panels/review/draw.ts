import type { Line, Span, Style } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { exactRows } from "../diff-text.ts"
import { lineWidth, padStart } from "../row.ts"
import type { Hunk, HunkLine } from "./hunks.ts"

/** Draws one hunk. No line is wider than the look, and nothing of it is left out. */
export type DrawHunk = (hunk: Hunk, look: Look) => readonly Line[]

/** From so many columns, those of a screen of 120 without its margin, what was and what is stand beside each other. */
const SIDES_COLUMNS_MIN = 118

/** Numbered lines with their signs below each other, or in two columns where there is room. */
export const plainHunk: DrawHunk = (hunk, look) =>
  look.columns >= SIDES_COLUMNS_MIN && hunk.patch !== "" ? besideLines(hunk, look) : belowLines(hunk.lines, look)

function belowLines(lines: readonly HunkLine[], look: Look): Line[] {
  return lines.flatMap((line) => drawn(line, line.kind === "removed" ? line.before : line.after, look))
}

function drawn({ kind, text }: HunkLine, number: number | undefined, { theme, glyphs, columns }: Look): Line[] {
  const style: Style =
    kind === "added" ? theme.added : kind === "removed" ? theme.removed : kind === "note" ? theme.dim : theme.text
  const sign = kind === "added" ? "+" : kind === "removed" ? glyphs.minus : " "
  const head = `${padStart(number === undefined ? "" : `${number}`, NUMBER)} `
  const room = Math.max(1, columns - NUMBER - 3)
  return exactRows(text, room).map((row, at): Line => {
    const spans: Span[] = [
      { text: at === 0 ? head : " ".repeat(head.length), style: theme.dim },
      { text: `${at === 0 ? sign : " "} ${row}`, style },
    ]
    return spans
  })
}

const NUMBER = 5

/** What was at the left, what is at the right; runs of changed lines stand opposite each other. */
function besideLines({ lines }: Hunk, look: Look): Line[] {
  const half = Math.floor((look.columns - GAP.length) / 2)
  const inner = { ...look, columns: half }
  return pairsOf(lines).flatMap(([left, right]) => {
    const before = left === undefined ? [] : drawn(left, left.before, inner)
    const after = right === undefined ? [] : drawn(right, right.after, inner)
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at): Line => {
      const first = before[at] ?? []
      return [...first, { text: " ".repeat(half - lineWidth(first)) + GAP }, ...(after[at] ?? [])]
    })
  })
}

const GAP = "  "

type Pair = readonly [left: HunkLine | undefined, right: HunkLine | undefined]

function pairsOf(lines: readonly HunkLine[]): readonly Pair[] {
  const pairs: Pair[] = []
  let removed: HunkLine[] = []
  let added: HunkLine[] = []
  const close = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) pairs.push([removed[at], added[at]])
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === "removed" && added.length > 0) close()
    if (line.kind === "removed") removed.push(line)
    else if (line.kind === "added") added.push(line)
    else {
      close()
      pairs.push([line, line])
    }
  }
  close()
  return pairs
}
