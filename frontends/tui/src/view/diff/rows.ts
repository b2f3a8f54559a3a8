import { languageOf } from "@skein/highlight"
import type { Span, Style } from "@skein/term"
import type { Theme } from "../look.ts"
import { tokenSpans } from "../markdown/code.ts"
import type { CodeLook } from "../markdown/context.ts"
import { safeLine } from "../text/safe.ts"
import { over } from "../text/style.ts"
import type { DiffLine, FileDiff, Hunk } from "./parse.ts"
import { changedWords, type Range } from "./words.ts"

/** A line of a diff as it is drawn. */
export interface Row {
  readonly sign: DiffLine["sign"]
  /** Of the old text for what is gone, of the new one for all else; both for what stayed. */
  readonly oldNumber?: number | undefined
  readonly newNumber?: number | undefined
  readonly spans: readonly Span[]
  readonly isUnended: boolean
}

/** The rows of a hunk, changed words told apart, in the colors of the file's language. */
export function rowsOf(hunk: Hunk, file: FileDiff, theme: Theme, code: CodeLook | undefined): Row[] {
  const ends = hasCarriageReturns(hunk) ? 1 : 0
  const lines = hunk.lines.map((line) => ({ ...line, text: safeLine(line.text.slice(0, line.text.length - ends)) }))
  const words = wordChanges(lines)
  const tokens = code === undefined ? undefined : tokensOf(lines, file, code)
  let oldNumber = hunk.oldStart
  let newNumber = hunk.newStart
  return lines.map((line, at) => {
    const { sign, text, isUnended = false } = line
    const lower = sign === "+" ? theme.added : sign === "-" ? theme.removed : undefined
    const line_ = tokens?.[at]
    const base = line_ === undefined ? [{ text, style: lower }] : tokenSpans(line_, theme, lower)
    const changed = words.get(at)
    const spans =
      changed === undefined ? base : emphasized(base, changed, sign === "+" ? theme.addedWord : theme.removedWord)
    return {
      sign,
      ...(sign === "+" ? {} : { oldNumber: oldNumber++ }),
      ...(sign === "-" ? {} : { newNumber: newNumber++ }),
      spans,
      isUnended,
    }
  })
}

/** Where every line ends in one, that is how the file is written; else it is what changed. */
function hasCarriageReturns({ lines }: Hunk): boolean {
  return lines.length > 0 && lines.every(({ text }) => text.endsWith("\r"))
}

/** Lines that were replaced one by one, by their place in the hunk. */
function wordChanges(lines: readonly DiffLine[]): Map<number, readonly Range[]> {
  const changes = new Map<number, readonly Range[]>()
  for (let at = 0; at < lines.length; at += 1) {
    const removed = runLength(lines, at, "-")
    const added = runLength(lines, at + removed, "+")
    for (let pair = 0; pair < Math.min(removed, added); pair += 1) {
      const [from, to] = [at + pair, at + removed + pair]
      const changed = changedWords(lines[from]?.text ?? "", lines[to]?.text ?? "")
      if (changed === undefined) continue
      changes.set(from, changed.removed)
      changes.set(to, changed.added)
    }
    at += Math.max(removed + added - 1, 0)
  }
  return changes
}

function runLength(lines: readonly DiffLine[], from: number, sign: DiffLine["sign"]): number {
  let count = 0
  while (lines[from + count]?.sign === sign) count += 1
  return count
}

/** Each side is a text of its own: what is gone is read with what stood around it. */
function tokensOf(lines: readonly DiffLine[], { path }: FileDiff, code: CodeLook) {
  const language = languageOf({ path })
  if (language === undefined) return undefined
  const side = (without: DiffLine["sign"]) =>
    lines
      .filter(({ sign }) => sign !== without)
      .map(({ text }) => text)
      .join("\n")
  const [old, next] = [code.highlighted(side("+"), language), code.highlighted(side("-"), language)]
  if (old === undefined || next === undefined) return undefined
  let oldAt = 0
  let newAt = 0
  return lines.map(({ sign }) => {
    const line = sign === "-" ? old[oldAt] : next[newAt]
    if (sign !== "+") oldAt += 1
    if (sign !== "-") newAt += 1
    return line
  })
}

function emphasized(spans: readonly Span[], ranges: readonly Range[], style: Style): Span[] {
  const made: Span[] = []
  let offset = 0
  for (const span of spans) {
    const end = offset + span.text.length
    let at = offset
    for (const { from, to } of ranges) {
      if (to <= at || from >= end) continue
      if (from > at) made.push({ ...span, text: span.text.slice(at - offset, from - offset) })
      const [begin, until] = [Math.max(from, at), Math.min(to, end)]
      made.push({ text: span.text.slice(begin - offset, until - offset), style: over(style, span.style) })
      at = until
    }
    if (at < end) made.push({ ...span, text: span.text.slice(at - offset) })
    offset = end
  }
  return made
}
