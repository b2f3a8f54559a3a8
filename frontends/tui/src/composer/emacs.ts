import { lazy } from "@skein/protocol"
import { moved, redo, replace, undo } from "./edit.ts"
import { nextBoundary, previousBoundary } from "./graphemes.ts"
import { isRecalling, nextLine, previousLine } from "./history.ts"
import { kill, yank, yankOlder } from "./kill.ts"
import { lineEnd, lineStart } from "./layout.ts"
import { down, end, home, left, right, up } from "./motions.ts"
import { selectionOf } from "./selection.ts"
import type { ComposerState } from "./state.ts"
import { blankStartBefore, wordEndAfter, wordStartBefore } from "./words.ts"

export type Edit = (state: ComposerState, around: Around) => ComposerState

/** What an edit may need besides the text. */
export interface Around {
  readonly columns: number
  /** What was said before, newest first. */
  readonly prompts: readonly string[]
}

/** The edit that a chord is, where editing is as in emacs and shells. Every other mode falls back to these. */
export function emacsEdit(chord: string): Edit | undefined {
  return EDITS().get(chord)
}

/** Removes the selection, or what `range` says when there is none. */
export function erase(state: ComposerState, range: { start: number; end: number }): ComposerState {
  const selected = selectionOf(state)
  if (selected !== undefined) return replace(state, selected, "")
  if (range.start === range.end) return state
  return replace(state, range, "", { last: { kind: "erase" } })
}

const backspace: Edit = (state) => erase(state, { start: previousBoundary(state.text, state.caret), end: state.caret })
const erase1: Edit = (state) => erase(state, { start: state.caret, end: nextBoundary(state.text, state.caret) })
const wordLeft: Edit = (state) => moved(state, wordStartBefore(state.text, state.caret))
const wordRight: Edit = (state) => moved(state, wordEndAfter(state.text, state.caret))
const killWordLeft: Edit = (state) => killOr(state, wordStartBefore(state.text, state.caret), state.caret)
const killWordRight: Edit = (state) => killOr(state, state.caret, wordEndAfter(state.text, state.caret))

/** A row up; from the first row, the line before. */
export const upOrBefore: Edit = (state, { columns, prompts }) =>
  (isRecalling(state) ? undefined : up(state, columns)) ?? previousLine(state, prompts)

export const downOrAfter: Edit = (state, { columns, prompts }) =>
  (isRecalling(state) ? undefined : down(state, columns)) ?? nextLine(state, prompts)

/** What was typed before the lines that begin alike were asked for. */
function prefixOf(state: ComposerState): string {
  return state.recall?.shown === state.text ? state.recall.draft.text : state.text
}

const EDITS = lazy(() => {
  const edits = new Map<string, Edit>()
  const bind = (chords: string, edit: Edit) => {
    for (const chord of chords.split(" ")) edits.set(chord, edit)
  }
  bind("left ctrl+b", (state) => left(state))
  bind("right ctrl+f", (state) => right(state))
  bind("up ctrl+p", upOrBefore)
  bind("down ctrl+n", downOrAfter)
  bind("alt+p", (state, { prompts }) => previousLine(state, prompts, prefixOf(state)))
  bind("alt+n", (state, { prompts }) => nextLine(state, prompts, prefixOf(state)))
  bind("home ctrl+a", (state) => home(state))
  bind("end ctrl+e", (state) => end(state))
  bind("alt+b ctrl+left alt+left", wordLeft)
  bind("alt+f ctrl+right alt+right", wordRight)
  bind("alt+< alt+shift+< ctrl+home", (state) => moved(state, 0))
  bind("alt+> alt+shift+> ctrl+end", (state) => moved(state, state.text.length))
  bind("backspace ctrl+h shift+backspace", backspace)
  bind("delete ctrl+d shift+delete", erase1)
  bind("alt+backspace ctrl+backspace ctrl+alt+h", killWordLeft)
  bind("alt+d alt+delete ctrl+delete", killWordRight)
  bind("ctrl+w", (state) => killOr(state, blankStartBefore(state.text, state.caret), state.caret))
  bind("ctrl+k", killLineEnd)
  bind("ctrl+u", killLineStart)
  bind("ctrl+y", yank)
  bind("alt+y", yankOlder)
  bind("ctrl+_ ctrl+/ ctrl+- ctrl+shift+_ ctrl+shift+-", undo)
  bind("alt+_ alt+shift+_ alt+/ ctrl+shift+z", redo)
  bind("ctrl+t", transpose)
  bind("alt+t", transposeWords)
  bind("alt+u", (state) => withCase(state, (word) => word.toUpperCase()))
  bind("alt+l", (state) => withCase(state, (word) => word.toLowerCase()))
  bind("alt+c", (state) => withCase(state, capital))
  bind("shift+left", (state) => left(state, true))
  bind("shift+right", (state) => right(state, true))
  bind("shift+up", (state, { columns }) => up(state, columns, true) ?? moved(state, 0, true))
  bind("shift+down", (state, { columns }) => down(state, columns, true) ?? moved(state, state.text.length, true))
  bind("shift+home", (state) => home(state, true))
  bind("shift+end", (state) => end(state, true))
  bind("ctrl+shift+left alt+shift+left", (state) => moved(state, wordStartBefore(state.text, state.caret), true))
  bind("ctrl+shift+right alt+shift+right", (state) => moved(state, wordEndAfter(state.text, state.caret), true))
  return edits
})

function killOr(state: ComposerState, start: number, stop: number): ComposerState {
  const selected = selectionOf(state)
  return selected === undefined ? kill(state, start, stop) : kill(state, selected.start, selected.end)
}

function killLineEnd(state: ComposerState): ComposerState {
  const stop = lineEnd(state.text, state.caret)
  const isAtEnd = stop === state.caret && stop < state.text.length
  return killOr(state, state.caret, isAtEnd ? stop + 1 : stop)
}

function killLineStart(state: ComposerState): ComposerState {
  const start = lineStart(state.text, state.caret)
  return killOr(state, start === state.caret && start > 0 ? start - 1 : start, state.caret)
}

function transpose(state: ComposerState): ComposerState {
  const { text, caret } = state
  const isAtEnd = caret === lineEnd(text, caret)
  const middle = isAtEnd ? previousBoundary(text, caret) : caret
  const start = previousBoundary(text, middle)
  if (middle === 0 || start === middle || text[start] === "\n") return state
  const stop = nextBoundary(text, middle)
  return replace(state, { start, end: stop }, text.slice(middle, stop) + text.slice(start, middle))
}

function transposeWords(state: ComposerState): ComposerState {
  const { text } = state
  const secondEnd = wordEndAfter(text, state.caret)
  const secondStart = wordStartBefore(text, secondEnd)
  const firstStart = wordStartBefore(text, secondStart)
  const firstEnd = wordEndAfter(text, firstStart)
  if (firstEnd > secondStart || firstStart === secondStart) return state
  const swapped =
    text.slice(secondStart, secondEnd) + text.slice(firstEnd, secondStart) + text.slice(firstStart, firstEnd)
  return replace(state, { start: firstStart, end: secondEnd }, swapped)
}

function withCase(state: ComposerState, change: (word: string) => string): ComposerState {
  const stop = wordEndAfter(state.text, state.caret)
  const word = state.text.slice(state.caret, stop)
  return stop === state.caret ? state : replace(state, { start: state.caret, end: stop }, change(word))
}

function capital(word: string): string {
  const at = word.search(/\p{L}/u)
  if (at === -1) return word
  const first = String.fromCodePoint(word.codePointAt(at) ?? 0)
  return word.slice(0, at) + first.toUpperCase() + word.slice(at + first.length).toLowerCase()
}
