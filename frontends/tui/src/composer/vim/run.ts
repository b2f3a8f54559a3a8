import { isReserved } from "../chips.ts"
import type { PressContext } from "../context.ts"
import { moved, redo, replace, undo } from "../edit.ts"
import { downOrAfter, upOrBefore } from "../emacs.ts"
import { graphemes, nextBoundary, previousBoundary } from "../graphemes.ts"
import { lineEnd, lineStart } from "../layout.ts"
import { aroundOf } from "../perform.ts"
import type { ComposerState } from "../state.ts"
import { firstOfLine } from "./motions.ts"
import { objectAt } from "./objects.ts"
import { graphemesBefore, graphemesFrom, joined, operate, put, rewritten, type Span, swappedCase } from "./operate.ts"
import type { Motion, Operator, Target, VimCommand } from "./parse.ts"
import { reachOf, spanOf } from "./span.ts"
import { inserting, vimOf, withVim } from "./state.ts"
import { onSelection, overwritten, select } from "./visual.ts"

/** Does one command of normal or visual mode. `keys` are what it was typed with, for `.`. */
export function run(
  state: ComposerState,
  command: VimCommand,
  keys: readonly string[],
  context: PressContext,
): ComposerState {
  const mode = vimOf(state)?.mode
  const isVisual = mode === "visual" || mode === "visual-line"
  switch (command.kind) {
    case "move":
      return move(state, command.motion, command.count, { isVisual, context })
    case "select":
      return select(state, objectAt(state.text, state.caret, command.object, command.count))
    case "operate":
      return operated(state, command, keys)
    case "replace":
      return isVisual ? overwritten(state, command.text) : replaced(state, command.text, command.count, keys)
    case "simple":
      return isVisual ? onSelection(state, command.key) : simple(state, command.key, command.count, keys)
  }
}

function move(
  state: ComposerState,
  motion: Motion,
  count: number,
  { isVisual, context }: { isVisual: boolean; context: PressContext },
): ComposerState {
  const isUp = motion.key === "k" || motion.key === "up"
  const isDown = motion.key === "j" || motion.key === "down"
  if ((isUp || isDown) && !isVisual && count < 2) {
    return (isUp ? upOrBefore : downOrAfter)(state, aroundOf(context))
  }
  const found = reachOf(state, motion, count)
  const next =
    motion.target === undefined ? state : withVim(state, { find: { key: motion.key, target: motion.target } })
  return found === undefined ? next : moved(next, found.to, isVisual)
}

function operated(
  state: ComposerState,
  { operator, on, count }: { readonly operator: Operator; readonly on: Target; readonly count: number },
  keys: readonly string[],
): ComposerState {
  const span = spanOf(state, operator, on, count)
  if (span === undefined) return state
  const target = on.kind === "motion" ? on.motion.target : undefined
  const found = target === undefined || on.kind !== "motion" ? {} : { find: { key: on.motion.key, target } }
  return finished(withVim(operate(state, operator, span), found), operator, keys, state)
}

function replaced(state: ComposerState, text: string, count: number, keys: readonly string[]): ComposerState {
  if (isReserved(text.charCodeAt(0))) return state
  const times = Math.max(1, count)
  const range = graphemesFrom(state.text, state.caret, times)
  if ([...graphemes(state.text, range.start, range.end)].length < times) return state
  const made = replace(state, range, text.repeat(times))
  const caret = text === "\n" ? made.caret : previousBoundary(made.text, made.caret)
  return withVim({ ...made, caret }, { repeat: { keys, typed: [] } })
}

function simple(state: ComposerState, key: string, count: number, keys: readonly string[]): ComposerState {
  const { text, caret } = state
  const again = (next: ComposerState) => withVim(next, { repeat: { keys, typed: [] } })
  const insert = (at: number) => inserting({ ...state, caret: at }, keys, state)
  const onLine = (operator: Operator, span: Span) => finished(operate(state, operator, span), operator, keys, state)
  const chars = (range: { start: number; end: number }): Span => ({ ...range, isLines: false })
  const toEnd = { start: caret, end: lineEnd(text, caret), isLines: false }
  switch (key) {
    case "i":
      return insert(caret)
    case "a":
      return insert(Math.min(lineEnd(text, caret), nextBoundary(text, caret)))
    case "I":
      return insert(firstOfLine(text, caret))
    case "A":
      return insert(lineEnd(text, caret))
    case "o":
      return inserting(replace(state, at(lineEnd(text, caret)), "\n"), keys, state)
    case "O":
      return inserting(replace(state, at(lineStart(text, caret)), "\n", { caret: lineStart(text, caret) }), keys, state)
    case "x":
    case "delete":
      return onLine("d", chars(graphemesFrom(text, caret, count)))
    case "X":
      return onLine("d", chars(graphemesBefore(text, caret, count)))
    case "D":
      return onLine("d", toEnd)
    case "C":
      return onLine("c", toEnd)
    case "s":
      return onLine("c", chars(graphemesFrom(text, caret, count)))
    case "S":
      return operated(state, { operator: "c", on: { kind: "lines" }, count }, keys)
    case "Y":
      return operated(state, { operator: "y", on: { kind: "lines" }, count }, keys)
    case "p":
    case "P":
      return again(put(state, key === "P", count))
    case "~":
      return again(rewritten(state, graphemesFrom(text, caret, count), swappedCase))
    case "J":
      return again(joined(state, { start: caret, end: linesDown(text, caret, Math.max(1, count - 1)) }))
    case "u":
      return times(state, count, undo)
    case "ctrl+r":
      return times(state, count, redo)
    case "v":
      return { ...withVim(state, { mode: "visual" }), anchor: caret }
    case "V":
      return { ...withVim(state, { mode: "visual-line" }), anchor: caret }
  }
  return state
}

function at(place: number): { start: number; end: number } {
  return { start: place, end: place }
}

function linesDown(text: string, from: number, count: number): number {
  let end = lineEnd(text, from)
  for (let line = 0; line < count && end < text.length; line++) end = lineEnd(text, end + 1)
  return end
}

function times(state: ComposerState, count: number, step: (state: ComposerState) => ComposerState): ComposerState {
  let next = state
  for (let time = 0; time < Math.max(1, count); time++) next = step(next)
  return next
}

/** What an operator changes is what `.` does again; `c` goes on in insert mode. */
function finished(
  next: ComposerState,
  operator: Operator,
  keys: readonly string[],
  before: ComposerState,
): ComposerState {
  if (operator === "y") return next
  return operator === "c" ? inserting(next, keys, before) : withVim(next, { repeat: { keys, typed: [] } })
}
