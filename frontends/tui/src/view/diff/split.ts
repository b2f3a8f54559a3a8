import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import { padded } from "../text/line.ts"
import type { Row } from "./rows.ts"
import { numberedRow } from "./unified.ts"

/** What was on the left, what is on the right: lines that replace each other side by side. */
export function splitRows(rows: readonly Row[], digits: number, columns: number, look: Look): Line[] {
  const width = (columns - GAP) >> 1
  return pairs(rows).map(([old, next]) => [
    ...padded(halfLine(old, old?.oldNumber, digits, width, look), width),
    { text: " ".repeat(GAP) },
    ...halfLine(next, next?.newNumber, digits, width, look),
  ])
}

const GAP = 2

type Pair = readonly [old: Row | undefined, next: Row | undefined]

function pairs(rows: readonly Row[]): Pair[] {
  const made: Pair[] = []
  let gone: Row[] = []
  let came: Row[] = []
  const flush = () => {
    for (let at = 0; at < Math.max(gone.length, came.length); at += 1) made.push([gone[at], came[at]])
    gone = []
    came = []
  }
  for (const row of rows) {
    if (row.sign === "-") {
      if (came.length > 0) flush()
      gone.push(row)
    } else if (row.sign === "+") came.push(row)
    else {
      flush()
      made.push([row, row])
    }
  }
  flush()
  return made
}

function halfLine(row: Row | undefined, number: number | undefined, digits: number, columns: number, look: Look): Line {
  return row === undefined ? [] : numberedRow(row, { number, digits, gap: 1, columns }, look)
}
