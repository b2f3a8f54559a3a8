import { nextBoundary, previousBoundary } from "../graphemes.ts"
import { lineEnd, lineStart } from "../layout.ts"
import type { VimState } from "../state.ts"
import type { Motion } from "./parse.ts"
import { nextWord, previousWord, previousWordEnd, wordEnd } from "./words.ts"

/** How far a motion goes, and whether it takes whole lines. */
export interface Reach {
  readonly to: number
  /** The grapheme at `to` is part of what an operator takes. */
  readonly isInclusive: boolean
  /** An operator takes whole lines. */
  readonly isLines: boolean
}

/** Where a motion leads; undefined where it leads nowhere. Up and down by lines: by rows is the caller's. */
export function reach(
  text: string,
  from: number,
  { motion, count, find }: { readonly motion: Motion; readonly count: number; readonly find: VimState["find"] },
): Reach | undefined {
  const times = Math.max(1, count)
  const repeated = (step: (at: number) => number): number => {
    let at = from
    for (let time = 0; time < times; time++) at = step(at)
    return at
  }
  switch (motion.key) {
    case "h":
    case "left":
      return exclusive(repeated((at) => Math.max(lineStart(text, from), previousBoundary(text, at))))
    case "backspace":
      return exclusive(repeated((at) => previousBoundary(text, at)))
    case "l":
    case "right":
      return exclusive(repeated((at) => Math.min(lineEnd(text, from), nextBoundary(text, at))))
    case " ":
      return exclusive(repeated((at) => nextBoundary(text, at)))
    case "w":
    case "ctrl+right":
      return exclusive(repeated((at) => nextWord(text, at, false)))
    case "W":
      return exclusive(repeated((at) => nextWord(text, at, true)))
    case "b":
    case "ctrl+left":
      return exclusive(repeated((at) => previousWord(text, at, false)))
    case "B":
      return exclusive(repeated((at) => previousWord(text, at, true)))
    case "e":
      return inclusive(repeated((at) => wordEnd(text, at, false)))
    case "E":
      return inclusive(repeated((at) => wordEnd(text, at, true)))
    case "ge":
      return inclusive(repeated((at) => previousWordEnd(text, at, false)))
    case "0":
    case "home":
      return exclusive(lineStart(text, from))
    case "^":
      return exclusive(firstOfLine(text, from))
    case "$":
    case "end":
      return exclusive(lineEnd(text, repeatedLines(text, from, times - 1)))
    case "gg":
      return lines(firstOfLine(text, lineNumbered(text, Math.max(1, count))))
    case "G":
      return lines(firstOfLine(text, count === 0 ? text.length : lineNumbered(text, count)))
    case "j":
    case "down":
      return lineEnd(text, from) === text.length ? undefined : lines(sameColumn(text, from, times))
    case "k":
    case "up":
      return lineStart(text, from) === 0 ? undefined : lines(sameColumn(text, from, -times))
    case "{":
      return exclusive(repeated((at) => paragraphBefore(text, at)))
    case "}":
      return exclusive(repeated((at) => paragraphAfter(text, at)))
    case "%":
      return pairOf(text, from)
    case ";":
      return find === undefined ? undefined : found(text, from, { ...find, times, isAgain: true })
    case ",":
      return find === undefined
        ? undefined
        : found(text, from, { ...find, key: opposite(find.key), times, isAgain: true })
    default:
      return motion.target === undefined
        ? undefined
        : found(text, from, { key: motion.key, target: motion.target, times, isAgain: false })
  }
}

/** The first character of the line that is no blank. */
export function firstOfLine(text: string, at: number): number {
  let first = lineStart(text, at)
  while (text[first] === " " || text[first] === "\t") first++
  return first
}

function exclusive(to: number): Reach {
  return { to, isInclusive: false, isLines: false }
}

function inclusive(to: number): Reach {
  return { to, isInclusive: true, isLines: false }
}

function lines(to: number): Reach {
  return { to, isInclusive: false, isLines: true }
}

function repeatedLines(text: string, from: number, times: number): number {
  let at = from
  for (let time = 0; time < times && lineEnd(text, at) < text.length; time++) at = lineEnd(text, at) + 1
  return at
}

function lineNumbered(text: string, number: number): number {
  return repeatedLines(text, 0, number - 1)
}

function sameColumn(text: string, from: number, by: number): number {
  const column = from - lineStart(text, from)
  let start = lineStart(text, from)
  for (let left = Math.abs(by); left > 0; left--) {
    if (by < 0 && start > 0) start = lineStart(text, start - 1)
    if (by > 0 && lineEnd(text, start) < text.length) start = lineEnd(text, start) + 1
  }
  let at = start
  while (at < lineEnd(text, start) && at - start < column) at = nextBoundary(text, at)
  return at
}

function paragraphAfter(text: string, from: number): number {
  const at = text.indexOf("\n\n", from + (text[from] === "\n" ? 1 : 0))
  return at === -1 ? text.length : at + 1
}

function paragraphBefore(text: string, from: number): number {
  const at = from < 2 ? -1 : text.lastIndexOf("\n\n", from - 2)
  return at === -1 ? 0 : at + 1
}

function opposite(key: string): string {
  return key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase()
}

interface Find {
  readonly key: string
  readonly target: string
  readonly times: number
  /** By `;` or `,`: `t` then goes past the one it stands before. */
  readonly isAgain: boolean
}

function found(text: string, from: number, { key, target, times, isAgain }: Find): Reach | undefined {
  const isForward = key === "f" || key === "t"
  const isTill = key === "t" || key === "T"
  let at = from
  if (isTill && isAgain) at = isForward ? nextBoundary(text, at) : previousBoundary(text, at)
  for (let time = 0; time < times; time++) {
    const next = isForward ? text.indexOf(target, at + 1) : at === 0 ? -1 : text.lastIndexOf(target, at - 1)
    const isInLine = next !== -1 && lineStart(text, next) === lineStart(text, from)
    if (!isInLine) return undefined
    at = next
  }
  if (isTill) at = isForward ? previousBoundary(text, at) : at + target.length
  return isForward ? inclusive(at) : exclusive(at)
}

const OPEN = "([{"
const CLOSE = ")]}"

/** From a bracket, or the next one of the line, to the one that it belongs to. */
function pairOf(text: string, from: number): Reach | undefined {
  const end = lineEnd(text, from)
  let at = from
  while (at < end && !OPEN.includes(text[at] ?? "") && !CLOSE.includes(text[at] ?? "")) at++
  if (at >= end) return undefined
  const isForward = OPEN.includes(text[at] ?? "")
  const own = text[at] ?? ""
  const other = isForward ? (CLOSE[OPEN.indexOf(own)] ?? "") : (OPEN[CLOSE.indexOf(own)] ?? "")
  let depth = 0
  for (let place = at; place >= 0 && place < text.length; place += isForward ? 1 : -1) {
    if (text[place] === own) depth++
    if (text[place] === other) depth--
    if (depth === 0) return inclusive(place)
  }
  return undefined
}
