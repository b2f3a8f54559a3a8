import { lineEnd, lineStart } from "../layout.ts"
import type { Range } from "../selection.ts"
import type { TextObject } from "./parse.ts"
import { kindAt, runAt } from "./words.ts"

/** What a text object covers from here; undefined where there is none. */
export function objectAt(
  text: string,
  at: number,
  object: TextObject,
  count: number,
): (Range & { isLines: boolean }) | undefined {
  if (object.kind === "w" || object.kind === "W") {
    return { ...words(text, at, object, Math.max(1, count)), isLines: false }
  }
  if (object.kind === "p") return paragraph(text, at, object.isAround)
  const range = /["'`]/.test(object.kind)
    ? quoted(text, at, object.kind)
    : bracketed(text, at, object.kind, Math.max(1, count))
  if (range === undefined) return undefined
  return object.isAround ? { ...range, isLines: false } : { start: range.start + 1, end: range.end - 1, isLines: false }
}

function words(text: string, at: number, { kind, isAround }: TextObject, count: number): Range {
  const isBig = kind === "W"
  const first = runAt(text, at, isBig)
  let end = first.end
  const startsBlank = kindAt(text, at, isBig) === "blank"
  for (let time = 1; time < count; time++) end = runAt(text, end, isBig).end
  if (!isAround) return { start: first.start, end }
  if (startsBlank) return { start: first.start, end: runAt(text, end, isBig).end }
  const after = isBlankAt(text, end) ? runAt(text, end, isBig).end : end
  if (after > end) return { start: first.start, end: after }
  // Without blanks behind it, those before it go with it.
  const before = isBlankAt(text, first.start - 1) ? runAt(text, first.start - 1, isBig).start : first.start
  return { start: before, end }
}

function isBlankAt(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t"
}

function paragraph(text: string, at: number, isAround: boolean): Range & { isLines: boolean } {
  const isEmptyAt = (place: number) => lineStart(text, place) === lineEnd(text, place)
  const isEmpty = isEmptyAt(at)
  let start = lineStart(text, at)
  while (start > 0 && isEmptyAt(start - 1) === isEmpty) start = lineStart(text, start - 1)
  let end = lineEnd(text, at)
  while (end < text.length && isEmptyAt(end + 1) === isEmpty) end = lineEnd(text, end + 1)
  if (isAround) while (end < text.length && isEmptyAt(end + 1) !== isEmpty) end = lineEnd(text, end + 1)
  return { start, end, isLines: true }
}

/** The pair of quotes of the line that the place is in, or else the next one. */
function quoted(text: string, at: number, quote: string): Range | undefined {
  const end = lineEnd(text, at)
  let open = text.indexOf(quote, lineStart(text, at))
  while (open !== -1 && open < end) {
    const close = text.indexOf(quote, open + 1)
    if (close === -1 || close >= end) return undefined
    if (at <= close) return { start: open, end: close + 1 }
    open = text.indexOf(quote, close + 1)
  }
  return undefined
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" }

function bracketed(text: string, at: number, open: string, count: number): Range | undefined {
  const close = CLOSING[open] ?? ""
  let start = at
  let depth = text[at] === open ? 1 - count : -count
  while (depth < 0) {
    start--
    if (start < 0) return undefined
    if (text[start] === close) depth--
    if (text[start] === open) depth++
  }
  let inside = 0
  for (let place = start; place < text.length; place++) {
    if (text[place] === open) inside++
    if (text[place] === close && --inside === 0) return { start, end: place + 1 }
  }
  return undefined
}
