import { lazy } from "@skein/protocol"
import { isReserved } from "./chips.ts"

/** The end of the grapheme that begins at `at`, itself a boundary. */
export function nextBoundary(text: string, at: number): number {
  if (at >= text.length) return text.length
  if (isBetween(text, at + 1)) return at + 1
  for (let window = 64; ; window *= 4) {
    const piece = text.slice(at, at + window)
    const end = at + (firstSegment(piece)?.length ?? 1)
    if (end < at + piece.length || at + piece.length === text.length) return firstReserved(text, at, end)
  }
}

/** The start of the grapheme that ends at `at`, itself a boundary. */
export function previousBoundary(text: string, at: number): number {
  if (at <= 1) return 0
  if (isBetween(text, at - 1)) return at - 1
  let last = sureBefore(text, at - 1)
  for (;;) {
    const next = nextBoundary(text, last)
    if (next >= at) return last
    last = next
  }
}

/** The first boundary that is not before `at`. */
export function snapped(text: string, at: number): number {
  if (at <= 0) return 0
  if (at >= text.length) return text.length
  if (isBetween(text, at)) return at
  let boundary = sureBefore(text, at - 1)
  while (boundary < at) boundary = nextBoundary(text, boundary)
  return boundary
}

/** The graphemes of text[start, end), each with where it stands. Plain text never reaches the segmenter. */
export function* graphemes(text: string, start: number, end: number): Generator<{ at: number; text: string }> {
  for (let at = start; at < end; ) {
    const next = Math.min(end, nextBoundary(text, at))
    yield { at, text: text.slice(at, next) }
    at = next
  }
}

const segmenter = lazy(() => new Intl.Segmenter("und", { granularity: "grapheme" }))

function firstSegment(piece: string): string | undefined {
  return segmenter().segment(piece)[Symbol.iterator]().next().value?.segment
}

/** A chip is a grapheme of its own, whatever stands beside it. */
function firstReserved(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (isReserved(text.charCodeAt(at)) || isReserved(text.charCodeAt(at - 1))) return at
  }
  return end
}

/** A place at or before `at` that is surely a boundary, whatever stands before it. */
function sureBefore(text: string, at: number): number {
  let place = Math.min(at, text.length)
  while (place > 0 && !isBetween(text, place)) place--
  return place
}

/** Whether `at` is a boundary by the two characters beside it alone. */
function isBetween(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  if (isReserved(before) || isReserved(after) || before === 10) return true
  return isPlain(before) && isPlain(after)
}

/** Characters that join with none of their kind: printable ASCII, Latin, Greek, Cyrillic, kana, ideographs, syllables. */
function isPlain(code: number): boolean {
  if (code < 0x7f) return code >= 0x20 || code === 9 || code === 10
  if (code < 0x300) return code > 0xa0 && code !== 0xad
  if (code < 0x530) return code >= 0x370 && (code < 0x483 || code > 0x489)
  if (code < 0x3041) return false
  return code <= 0x3096 || (code >= 0x30a1 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || isSyllable(code)
}

function isSyllable(code: number): boolean {
  return code >= 0xac00 && code <= 0xd7a3
}
