import { nextBoundary, previousBoundary } from "../graphemes.ts"
import { isBlank, isWordAt } from "../words.ts"

/** Words of vi: runs of word characters, runs of other signs; with `isBig`, runs of anything but blanks. */
export function nextWord(text: string, from: number, isBig: boolean): number {
  let at = from
  const kind = kindAt(text, at, isBig)
  if (kind !== "blank") while (at < text.length && kindAt(text, at, isBig) === kind) at = nextBoundary(text, at)
  while (at < text.length && kindAt(text, at, isBig) === "blank") {
    // An empty line is a word.
    if (text[at] === "\n" && text[at + 1] === "\n") return at + 1
    at = nextBoundary(text, at)
  }
  return at
}

/** Where the word before begins. */
export function previousWord(text: string, from: number, isBig: boolean): number {
  let at = previousBoundary(text, from)
  while (at > 0 && kindAt(text, at, isBig) === "blank") {
    if (text[at] === "\n" && text[at - 1] === "\n") return at
    at = previousBoundary(text, at)
  }
  return runStart(text, at, isBig)
}

/** The last grapheme of this word, or of the next one from a word's end. */
export function wordEnd(text: string, from: number, isBig: boolean): number {
  let at = nextBoundary(text, from)
  while (at < text.length && kindAt(text, at, isBig) === "blank") at = nextBoundary(text, at)
  if (at >= text.length) return previousBoundary(text, text.length)
  return previousBoundary(text, runEnd(text, at, isBig))
}

/** Where the word before ends. */
export function previousWordEnd(text: string, from: number, isBig: boolean): number {
  let at = runStart(text, from, isBig)
  at = kindAt(text, from, isBig) === "blank" ? from : previousBoundary(text, at)
  while (at > 0 && kindAt(text, at, isBig) === "blank") at = previousBoundary(text, at)
  return at
}

/** The run that a place is in: a word, signs, or blanks of one line. */
export function runAt(text: string, at: number, isBig: boolean): { start: number; end: number } {
  return { start: runStart(text, at, isBig), end: runEnd(text, at, isBig) }
}

type Kind = "blank" | "word" | "sign" | "newline"

/** Blank, part of a word, or a sign: words end where it changes. */
export function kindAt(text: string, at: number, isBig: boolean): Kind {
  if (at >= text.length || isBlank(text.charCodeAt(at))) return "blank"
  return isBig || isWordAt(text, at) ? "word" : "sign"
}

function runStart(text: string, from: number, isBig: boolean): number {
  const kind = kindAt(text, from, isBig)
  let at = from
  while (at > 0) {
    const before = previousBoundary(text, at)
    if (kindAt(text, before, isBig) !== kind || text[before] === "\n") break
    at = before
  }
  return at
}

function runEnd(text: string, from: number, isBig: boolean): number {
  const kind = kindAt(text, from, isBig)
  let at = from
  while (at < text.length && kindAt(text, at, isBig) === kind && text[at] !== "\n") at = nextBoundary(text, at)
  return at
}
