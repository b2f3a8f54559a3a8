import { replace } from "../edit.ts"
import { nextBoundary, previousBoundary, snapped } from "../graphemes.ts"
import { lineEnd, lineStart } from "../layout.ts"
import type { Range } from "../selection.ts"
import type { ComposerState } from "../state.ts"
import { firstOfLine } from "./motions.ts"
import type { Operator } from "./parse.ts"
import { vimOf, withVim } from "./state.ts"

/** What an operator works on. */
export interface Span extends Range {
  readonly isLines: boolean
}

/** The operator on this much of the text. `c` leaves the caret where the new text is typed; the mode is the caller's. */
export function operate(state: ComposerState, operator: Operator, span: Span): ComposerState {
  const whole = span.isLines ? linesOf(state.text, span) : span
  switch (operator) {
    case "y":
      return {
        ...kept(state, whole, span.isLines),
        caret: span.isLines ? Math.min(state.caret, span.start) : span.start,
      }
    case "d":
      return span.isLines
        ? withoutLines(kept(state, whole, true), whole)
        : replace(kept(state, whole, false), whole, "")
    case "c":
      return replace(kept(state, whole, span.isLines), span.isLines ? afterIndent(state.text, whole) : whole, "")
    case ">":
      return shifted(state, linesOf(state.text, span), (line) => (line === "" ? "" : `${INDENT}${line}`))
    case "<":
      return shifted(state, linesOf(state.text, span), (line) => line.replace(/^(?:\t| {1,2})/, ""))
  }
}

/** `p` and `P`. */
export function put(state: ComposerState, isBefore: boolean, count: number): ComposerState {
  const register = vimOf(state)?.register
  if (register === undefined || register.text === "") return state
  const text = register.text.repeat(Math.max(1, count))
  if (!register.isLines) {
    const isAtEnd = state.caret === lineEnd(state.text, state.caret)
    const at = isBefore || isAtEnd ? state.caret : nextBoundary(state.text, state.caret)
    const made = replace(state, { start: at, end: at }, text)
    return { ...made, caret: previousBoundary(made.text, made.caret) }
  }
  const lines = Array.from({ length: Math.max(1, count) }, () => register.text).join("\n")
  const at = isBefore ? lineStart(state.text, state.caret) : lineEnd(state.text, state.caret)
  const made = replace(state, { start: at, end: at }, isBefore ? `${lines}\n` : `\n${lines}`)
  return { ...made, caret: firstOfLine(made.text, isBefore ? at : at + 1) }
}

/** `J`: this line and those after it in one, a space between. */
export function joined(state: ComposerState, span: Range): ComposerState {
  const start = lineStart(state.text, span.start)
  const end = lineEnd(state.text, span.end)
  const lines = state.text.slice(start, end).split("\n")
  if (lines.length < 2) return state
  const text = lines.reduce((before, line) => {
    const rest = line.trimStart()
    return rest === "" || before === "" || before.endsWith(" ") ? before + rest : `${before} ${rest}`
  })
  const caret = start + text.length - (lines.at(-1)?.trimStart().length ?? 0)
  return replace(state, { start, end }, text, { caret: Math.max(start, caret - 1) })
}

/** Each grapheme as `change` makes it; the caret behind them. */
export function rewritten(state: ComposerState, span: Range, change: (text: string) => string): ComposerState {
  const text = change(state.text.slice(span.start, span.end))
  return replace(state, span, text)
}

/** Upper case where lower case was, and the other way round. */
export function swappedCase(text: string): string {
  return [...text]
    .map((character) => (character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase()))
    .join("")
}

/** So many graphemes from here, within the line. */
export function graphemesFrom(text: string, from: number, count: number): Range {
  let end = from
  for (let time = 0; time < Math.max(1, count); time++) end = Math.min(lineEnd(text, from), nextBoundary(text, end))
  return { start: from, end }
}

/** So many graphemes before `from`, one at least, and none of another line. */
export function graphemesBefore(text: string, from: number, count: number): Range {
  let start = from
  for (let time = 0; time < Math.max(1, count); time++)
    start = Math.max(lineStart(text, from), previousBoundary(text, start))
  return { start, end: from }
}

const INDENT = "  "

function linesOf(text: string, { start, end }: Range): Range {
  return { start: lineStart(text, start), end: lineEnd(text, end) }
}

function afterIndent(text: string, { start, end }: Range): Range {
  return { start: Math.min(end, firstOfLine(text, start)), end }
}

/** What is cut or copied is what `p` and Ctrl+Y put back. */
function kept(state: ComposerState, { start, end }: Range, isLines: boolean): ComposerState {
  const text = state.text.slice(start, end)
  if (text === "") return state
  return withVim({ ...state, kills: [text, ...state.kills].slice(0, 60) }, { register: { text, isLines } })
}

function withoutLines(state: ComposerState, { start, end }: Range): ComposerState {
  const isLast = end === state.text.length
  const range = isLast ? { start: Math.max(0, start - 1), end } : { start, end: end + 1 }
  const made = replace(state, range, "")
  return { ...made, caret: snapped(made.text, firstOfLine(made.text, Math.min(start, made.text.length))) }
}

function shifted(state: ComposerState, lines: Range, change: (line: string) => string): ComposerState {
  const text = state.text.slice(lines.start, lines.end).split("\n").map(change).join("\n")
  const made = replace(state, lines, text)
  return { ...made, caret: firstOfLine(made.text, lines.start) }
}
