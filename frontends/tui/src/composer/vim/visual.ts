import { isReserved } from "../chips.ts"
import { replace } from "../edit.ts"
import { previousBoundary } from "../graphemes.ts"
import { selectionOf } from "../selection.ts"
import type { ComposerState } from "../state.ts"
import { joined, operate, rewritten, type Span, swappedCase } from "./operate.ts"
import { inserting, vimOf, withVim } from "./state.ts"

/** Keys of visual mode that act on what is selected, or change what is. */
export function onSelection(state: ComposerState, key: string): ComposerState {
  const range = selectionOf(state)
  const mode = vimOf(state)?.mode
  if (range === undefined) return withVim(state, { mode: "normal" })
  const isLines = mode === "visual-line"
  const span = { ...range, isLines }
  const base = { ...withVim(state, { mode: "normal" }), anchor: undefined, caret: range.start }
  switch (key) {
    case "d":
    case "x":
    case "X":
    case "D":
    case "delete":
      return operate(base, "d", span)
    case "y":
    case "Y":
      return operate(base, "y", span)
    case "c":
    case "s":
    case "S":
    case "C":
      return inserting(operate(base, "c", span), ["i"], state)
    case ">":
    case "<":
      return operate(base, key, span)
    case "~":
      return { ...rewritten(base, range, swappedCase), caret: range.start }
    case "u":
      return { ...rewritten(base, range, (text) => text.toLowerCase()), caret: range.start }
    case "U":
      return { ...rewritten(base, range, (text) => text.toUpperCase()), caret: range.start }
    case "J":
      return joined(base, range)
    case "p":
    case "P":
      return overPut(base, span)
    case "o":
      return { ...state, anchor: state.caret, caret: state.anchor ?? state.caret }
    case "v":
      return mode === "visual" ? withoutSelection(state) : withVim(state, { mode: "visual" })
    case "V":
      return isLines ? withoutSelection(state) : withVim(state, { mode: "visual-line" })
  }
  return state
}

/** What a text object covers is what is selected. */
export function select(state: ComposerState, span: Span | undefined): ComposerState {
  if (span === undefined || span.end <= span.start) return state
  const next = withVim(state, span.isLines ? { mode: "visual-line" } : {})
  return { ...next, anchor: span.start, caret: previousBoundary(state.text, span.end) }
}

/** `r` on a selection: each character of it is this one. */
export function overwritten(state: ComposerState, text: string): ComposerState {
  const range = selectionOf(state)
  const base = withoutSelection(state)
  if (range === undefined || isReserved(text.charCodeAt(0))) return base
  const made = rewritten(base, range, (old) => old.replaceAll(/[^\n]/gu, () => text))
  return { ...made, caret: range.start }
}

function withoutSelection(state: ComposerState): ComposerState {
  return { ...withVim(state, { mode: "normal" }), anchor: undefined }
}

/** What was put back takes the place of the selection, and that is what the next `p` puts back. */
function overPut(state: ComposerState, span: Span): ComposerState {
  const register = vimOf(state)?.register
  if (register === undefined) return state
  const selected = state.text.slice(span.start, span.end)
  const text = register.isLines && !span.isLines ? `\n${register.text}\n` : register.text
  const made = replace(state, span, text)
  const next = withVim(made, { register: { text: selected, isLines: span.isLines } })
  return { ...next, caret: previousBoundary(next.text, next.caret) }
}
