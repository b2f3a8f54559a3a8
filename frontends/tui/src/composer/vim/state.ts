import { joinedSince } from "../edit.ts"
import { previousBoundary } from "../graphemes.ts"
import { lineEnd, lineStart } from "../layout.ts"
import type { ComposerState, VimState } from "../state.ts"

/** Its state as vi; undefined where keys are those of emacs. */
export function vimOf(state: ComposerState): VimState | undefined {
  return state.editing.kind === "vim" ? state.editing.vim : undefined
}

/** The same composer with another state of vi. */
export function withVim(state: ComposerState, change: Partial<VimState>): ComposerState {
  return state.editing.kind === "vim"
    ? { ...state, editing: { kind: "vim", vim: { ...state.editing.vim, ...change } } }
    : state
}

/** In normal mode the caret is on a grapheme: behind the last one of a line there is no place. */
export function settledOnText(state: ComposerState): ComposerState {
  if (vimOf(state)?.mode !== "normal") return state
  const { text, caret } = state
  const isBehind = caret > lineStart(text, caret) && caret === lineEnd(text, caret)
  return { ...state, anchor: undefined, caret: isBehind ? previousBoundary(text, caret) : caret }
}

/** From a command of normal mode on, what is typed belongs to it: for `.` and for undo, which takes both at once. */
export function inserting(state: ComposerState, keys: readonly string[], from: ComposerState): ComposerState {
  const begun = withVim(state, { mode: "insert", pending: [], recording: { keys, typed: [], from: from.done } })
  return { ...begun, anchor: undefined }
}

/** Esc: back to normal mode, one to the left. */
export function leftInsert(state: ComposerState): ComposerState {
  const recording = vimOf(state)?.recording
  const joined = recording === undefined ? state : joinedSince(state, recording.from)
  const { text, caret } = joined
  const to = caret > lineStart(text, caret) ? previousBoundary(text, caret) : caret
  const repeat = recording === undefined ? {} : { repeat: { keys: recording.keys, typed: recording.typed } }
  const next = withVim(joined, { mode: "normal", pending: [], recording: undefined, ...repeat })
  return { ...next, caret: to, anchor: undefined, menu: undefined, last: { kind: "other" } }
}
