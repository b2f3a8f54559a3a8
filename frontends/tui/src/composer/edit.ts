import { snapped } from "./graphemes.ts"
import type { Changes, ComposerState, Last } from "./state.ts"

/** Puts `text` in the place of [start, end): every change of a composer's text is this one. */
export function replace(
  state: ComposerState,
  range: { readonly start: number; readonly end: number },
  text: string,
  options: { readonly last?: Last; readonly caret?: number; readonly isJoined?: boolean } = {},
): ComposerState {
  const { start, end } = range
  const made = state.text.slice(0, start) + text + state.text.slice(end)
  const caret = snapped(made, options.caret ?? start + text.length)
  const next = { ...state, text: made, caret, anchor: undefined, goal: undefined, last: options.last ?? OTHER }
  if (start === end && text === "") return next
  const change = {
    at: start,
    removed: state.text.slice(start, end),
    inserted: text,
    caretBefore: state.caret,
    caretAfter: caret,
  }
  return { ...next, done: pushed(state, change, options), undone: undefined }
}

export const OTHER: Last = { kind: "other" }

/** Moves the caret; `isSelecting` keeps or begins a selection. */
export function moved(state: ComposerState, caret: number, isSelecting = false): ComposerState {
  const anchor = isSelecting ? (state.anchor ?? state.caret) : undefined
  return { ...state, caret, anchor, goal: undefined, last: OTHER }
}

/** The text before the newest change. */
export function undo(state: ComposerState): ComposerState {
  let { text, caret, done, undone } = state
  const mark = done?.change.mark
  while (done !== undefined && done.change.mark === mark) {
    const { at, removed, inserted, caretBefore } = done.change
    text = text.slice(0, at) + removed + text.slice(at + inserted.length)
    caret = caretBefore
    undone = { change: done.change, rest: undone }
    done = done.rest
  }
  return { ...state, text, caret, done, undone, anchor: undefined, goal: undefined, last: OTHER }
}

/** The text after what was undone last. */
export function redo(state: ComposerState): ComposerState {
  let { text, caret, done, undone } = state
  const mark = undone?.change.mark
  while (undone !== undefined && undone.change.mark === mark) {
    const { at, removed, inserted, caretAfter } = undone.change
    text = text.slice(0, at) + inserted + text.slice(at + removed.length)
    caret = caretAfter
    done = { change: undone.change, rest: done }
    undone = undone.rest
  }
  return { ...state, text, caret, done, undone, anchor: undefined, goal: undefined, last: OTHER }
}

/** Everything since `from` as one step. */
export function joinedSince(state: ComposerState, from: Changes | undefined): ComposerState {
  const newer: Changes["change"][] = []
  let rest = state.done
  for (; rest !== undefined && rest !== from; rest = rest.rest) newer.push(rest.change)
  if (rest !== from || newer.length < 2) return state
  const mark = (from?.change.mark ?? 0) + 1
  const done = newer.reduceRight<Changes | undefined>(
    (below, change) => ({ change: { ...change, mark }, rest: below }),
    from,
  )
  return { ...state, done }
}

type Draft = Omit<Changes["change"], "mark">

/** Neighbours of one kind are one step: a word and the space before it, a run of erased characters. */
function pushed(
  state: ComposerState,
  draft: Draft,
  { last, isJoined = false }: { readonly last?: Last; readonly isJoined?: boolean },
): Changes {
  const top = state.done
  const mark = top?.change.mark ?? 0
  if (top === undefined) return { change: { ...draft, mark: 1 } }
  if (isJoined) return { change: { ...draft, mark }, rest: top }
  if (last !== undefined && last.kind === state.last.kind) {
    const merged = last.kind === "type" ? typed(top.change, draft) : last.kind === "erase" && erased(top.change, draft)
    if (merged) return { change: { ...merged, mark }, rest: top.rest }
  }
  return { change: { ...draft, mark: mark + 1 }, rest: top }
}

function typed(before: Draft, draft: Draft): Draft | undefined {
  if (draft.removed !== "" || before.at + before.inserted.length !== draft.at) return undefined
  const startsWord = isSpace(before.inserted.at(-1) ?? "") && !isSpace(draft.inserted[0] ?? "")
  const hasWord = before.inserted.trim() !== ""
  if (draft.inserted.includes("\n") || (startsWord && hasWord)) return undefined
  return { ...before, inserted: before.inserted + draft.inserted, caretAfter: draft.caretAfter }
}

function erased(before: Draft, draft: Draft): Draft | undefined {
  if (draft.inserted !== "" || before.inserted !== "") return undefined
  const isBackwards = draft.at + draft.removed.length === before.at
  if (!isBackwards && draft.at !== before.at) return undefined
  const removed = isBackwards ? draft.removed + before.removed : before.removed + draft.removed
  return { ...before, at: draft.at, removed, caretAfter: draft.caretAfter }
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\t"
}
