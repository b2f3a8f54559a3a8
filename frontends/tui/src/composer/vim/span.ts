import { nextBoundary } from "../graphemes.ts"
import { lineEnd, lineStart } from "../layout.ts"
import type { ComposerState } from "../state.ts"
import { type Reach, reach } from "./motions.ts"
import { objectAt } from "./objects.ts"
import type { Span } from "./operate.ts"
import type { Motion, Operator, Target } from "./parse.ts"
import { vimOf } from "./state.ts"
import { kindAt } from "./words.ts"

/** What an operator takes; undefined where its motion or object leads nowhere. */
export function spanOf(state: ComposerState, operator: Operator, on: Target, count: number): Span | undefined {
  const { text, caret } = state
  if (on.kind === "object") return objectAt(text, caret, on.object, count)
  if (on.kind === "lines") {
    let end = lineEnd(text, caret)
    for (let line = 1; line < count && end < text.length; line++) end = lineEnd(text, end + 1)
    return { start: lineStart(text, caret), end, isLines: true }
  }
  // On a word, `cw` changes the word and not the blanks behind it.
  const isChange = operator === "c" && /^[wW]$/.test(on.motion.key) && kindAt(text, caret, false) !== "blank"
  const motion = isChange ? { key: on.motion.key === "w" ? "e" : "E" } : on.motion
  const found = isChange ? changeEnd(state, motion, count) : reachOf(state, motion, count)
  if (found === undefined) return undefined
  const start = Math.min(caret, found.to)
  const end = Math.max(caret, found.to)
  if (found.isLines) return { start, end, isLines: true }
  if (found.isInclusive) return { start, end: nextBoundary(text, end), isLines: false }
  return { start, end: /^[wW]$/.test(motion.key) ? withinLine(text, start, end) : end, isLines: false }
}

/** Where a motion leads from the caret. */
export function reachOf(state: ComposerState, motion: Motion, count: number): Reach | undefined {
  return reach(state.text, state.caret, { motion, count, find: vimOf(state)?.find })
}

/** `cw` at the last character of a word is that character, where `e` would go to the next word. */
function changeEnd(state: ComposerState, motion: Motion, count: number): Reach | undefined {
  const { text, caret } = state
  const isBig = motion.key === "E"
  const next = nextBoundary(text, caret)
  const isLastOfWord = kindAt(text, next, isBig) !== kindAt(text, caret, isBig)
  if (!isLastOfWord) return reachOf(state, motion, count)
  return count < 2 ? { to: caret, isInclusive: true, isLines: false } : reachOf(state, motion, count - 1)
}

/** `dw` on the last word of a line leaves the newline. */
function withinLine(text: string, start: number, end: number): number {
  let word = end
  while (word > start && kindAt(text, word - 1, true) === "blank") word--
  const newline = text.indexOf("\n", word)
  return newline !== -1 && newline < end && newline > start ? newline : end
}
