import type { Line, Span } from "@skein/term"
import { diffLines } from "../../view/diff/diff.ts"
import type { Look } from "../../view/look.ts"
import { lineWidth } from "../../view/text/line.ts"
import { padStart, widthOf } from "../../view/text/width.ts"
import { exactRows } from "../diff-text.ts"
import type { Hunk, HunkLine } from "./hunks.ts"

/** Draws one hunk. No line is wider than the look, and nothing of it is left out. */
export type DrawHunk = (hunk: Hunk, look: Look) => readonly Line[]

/** From so many columns what was and what is stand beside each other. */
const SIDES_COLUMNS_MIN = 120

/** As edits are drawn everywhere, where each line fits; else in more rows, so that nothing of what is judged is cut. */
export const drawnHunk: DrawHunk = (hunk, look) => {
  const isSplit = look.columns >= SIDES_COLUMNS_MIN
  const room = (isSplit ? halfOf(look) - NUMBER - SPLIT_GAP : look.columns - BAR - NUMBER - UNIFIED_GAP) - SIGN
  const isFitting = hunk.patch !== "" && hunk.lines.every(({ text }) => widthOf(text) <= room)
  return isFitting ? diffLines(hunk.patch, look, { isExpanded: true, hasNames: false }) : plainHunk(hunk, look)
}

/** Cells of what stands before a line's text: gutter and bar, its number, the gap after that, its sign. */
const BAR = 5
const NUMBER = 5
const UNIFIED_GAP = 3
const SPLIT_GAP = 1
const SIGN = 2
const BETWEEN = 2

function halfOf({ columns }: Look): number {
  return Math.floor((columns - BAR - BETWEEN) / 2)
}

/** Numbered lines with their signs below each other, or in two columns where there is room. */
const plainHunk: DrawHunk = (hunk, look) => {
  const isSplit = look.columns >= SIDES_COLUMNS_MIN && hunk.patch !== ""
  const bar: Span = { text: `  ${look.glyphs.bar}`, style: look.theme.bar }
  const lines = isSplit ? besideLines(hunk, look) : belowLines(hunk.lines, look)
  return lines.map((line) => [bar, ...line])
}

function belowLines(lines: readonly HunkLine[], look: Look): Line[] {
  const columns = look.columns - BAR
  return lines.flatMap((line) =>
    drawn(line, line.kind === "removed" ? line.before : line.after, columns, UNIFIED_GAP, look),
  )
}

function drawn(
  { kind, text }: HunkLine,
  number: number | undefined,
  columns: number,
  gap: number,
  { theme }: Look,
): Line[] {
  const { sign, look } = SIGNS[kind]
  const head = `${padStart(number === undefined ? "" : `${number}`, NUMBER - 1)}${" ".repeat(gap)}`
  const room = Math.max(1, columns - head.length - SIGN)
  return exactRows(text, room).map(
    (row, at): Line => [
      { text: at === 0 ? head : " ".repeat(head.length), style: theme.dim },
      { text: `${at === 0 ? sign : " "} ${row}`, style: theme[look] },
    ],
  )
}

const SIGNS = {
  added: { sign: "+", look: "added" },
  removed: { sign: "-", look: "removed" },
  kept: { sign: " ", look: "text" },
  note: { sign: " ", look: "dim" },
} as const satisfies Record<HunkLine["kind"], { sign: string; look: keyof Look["theme"] }>

/** What was at the left, what is at the right; runs of changed lines stand opposite each other. */
function besideLines({ lines }: Hunk, look: Look): Line[] {
  const half = halfOf(look)
  return pairsOf(lines).flatMap(([left, right]) => {
    const before = left === undefined ? [] : drawn(left, left.before, half, SPLIT_GAP, look)
    const after = right === undefined ? [] : drawn(right, right.after, half, SPLIT_GAP, look)
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at): Line => {
      const first = before[at] ?? []
      return [...first, { text: " ".repeat(Math.max(0, half - lineWidth(first)) + BETWEEN) }, ...(after[at] ?? [])]
    })
  })
}

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
