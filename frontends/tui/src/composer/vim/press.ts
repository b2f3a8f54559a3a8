import { changed, type Key } from "../change.ts"
import type { PressContext, Pressed } from "../context.ts"
import { joinedSince } from "../edit.ts"
import { graphemes } from "../graphemes.ts"
import { beginSearch } from "../search.ts"
import { type ComposerState, isEmpty } from "../state.ts"
import { parseKeys } from "./parse.ts"
import { run } from "./run.ts"
import { leftInsert, settledOnText, vimOf, withVim } from "./state.ts"

/** A key as vi takes it. Undefined: it is no key of vi here, and means what it means to everyone. */
export function vimKey(state: ComposerState, key: Key, context: PressContext): Pressed | undefined {
  const vim = vimOf(state)
  if (vim === undefined) return undefined
  const isEscape = key.chord === "escape" || key.chord === "ctrl+["
  if (vim.mode === "insert") return isEscape ? { state: settledOnText(leftInsert(state)) } : undefined
  if (isEscape) return escaped(state)
  if (key.text === undefined || key.text.length === 1) return single(state, key, context)
  // So much at once was not typed: it is pasted, in every mode.
  if (key.text.length > 64) return undefined
  return { state: each(state, key.text, context) }
}

/** What was typed in insert mode, for `.`. */
export function recorded(state: ComposerState, key: Key): ComposerState {
  const vim = vimOf(state)
  if (vim?.mode !== "insert" || vim.recording === undefined) return state
  const { recording } = vim
  if (recording.typed.length >= TYPED_MAX) return state
  return withVim(state, { recording: { ...recording, typed: [...recording.typed, { ...key }] } })
}

/** Longer ones are pasted, not repeated. */
const TYPED_MAX = 400

function escaped(state: ComposerState): Pressed | undefined {
  const vim = vimOf(state)
  if (vim === undefined) return undefined
  if (vim.pending.length > 0) return { state: withVim(state, { pending: [] }) }
  if (vim.mode === "normal") return undefined
  return { state: settledOnText({ ...withVim(state, { mode: "normal" }), anchor: undefined }) }
}

/** Keys that came at once, one after the other. */
function each(state: ComposerState, text: string, context: PressContext): ComposerState {
  let next = state
  for (const { text: one } of graphemes(text, 0, text.length)) {
    const isTyped = vimOf(next)?.mode === "insert"
    const key = { chord: one, text: one }
    next = isTyped ? changed(recorded(next, key), key, context) : (single(next, key, context)?.state ?? next)
  }
  return next
}

function single(state: ComposerState, key: Key, context: PressContext): Pressed | undefined {
  const vim = vimOf(state)
  if (vim === undefined) return undefined
  const symbol = key.text ?? key.chord
  if (vim.pending.length === 0) {
    const opened = opening(state, symbol, context)
    if (opened !== undefined) return opened
    // On an empty line these are nothing to vi, and something to everyone.
    if (isEmpty(state) && (symbol === "ctrl+r" || symbol === "?")) return undefined
  }
  const keys = [...vim.pending, symbol]
  const parsed = parseKeys(keys, vim.mode !== "normal")
  if (parsed.kind === "more") return { state: withVim(state, { pending: keys }) }
  const ready = withVim(state, { pending: [] })
  if (parsed.kind === "none") return vim.pending.length > 0 || key.text !== undefined ? { state: ready } : undefined
  const { command } = parsed
  const next =
    command.kind === "simple" && command.key === "." ? again(ready, context) : run(ready, command, keys, context)
  return { state: settledOnText(next) }
}

/** `/`, `@` and `!` on an empty line begin what they begin in insert mode; in a text, `/` searches the lines of before. */
function opening(state: ComposerState, symbol: string, context: PressContext): Pressed | undefined {
  if (symbol === "/" && !isEmpty(state)) return { state: beginSearch(withVim(state, { mode: "insert" })) }
  if (!isEmpty(state) || !/^[/@!]$/.test(symbol)) return undefined
  return { state: changed(withVim(state, { mode: "insert" }), { chord: symbol, text: symbol }, context) }
}

/** `.`: the keys of the last change, and what was typed with it, as one step of undo. */
function again(state: ComposerState, context: PressContext): ComposerState {
  const repeat = vimOf(state)?.repeat
  if (repeat === undefined) return state
  const parsed = parseKeys(repeat.keys, false)
  if (parsed.kind !== "command") return state
  let next = run(state, parsed.command, repeat.keys, context)
  if (vimOf(next)?.mode === "insert") {
    for (const key of repeat.typed) next = changed(next, key, context)
    next = leftInsert(next)
  }
  return withVim(joinedSince(next, state.done), { repeat })
}
