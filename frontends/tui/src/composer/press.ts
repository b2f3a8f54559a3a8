import type { Input } from "@skein/term"
import type { Action } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import type { PressContext, Pressed } from "./context.ts"
import { OTHER } from "./edit.ts"
import { emacsEdit } from "./emacs.ts"
import { imagePaths, insert, paste } from "./paste.ts"
import { aroundOf, perform, typed } from "./perform.ts"
import { searchKey } from "./search.ts"
import { type ComposerState, isEmpty } from "./state.ts"

/** What a key, or pasted text, does to the composer, and what it asks of the app. */
export function press(state: ComposerState, input: Input, context: PressContext): Pressed {
  if (input.kind === "paste") return pasted({ ...state, search: undefined, menu: undefined }, input.text)
  return input.kind === "key" ? keyed(state, input, context) : { state }
}

interface Key {
  readonly chord: string
  readonly text?: string | undefined
}

/** The path of an image that was dropped on the terminal is that image: the app reads it. */
function pasted(state: ComposerState, text: string): Pressed {
  const paths = imagePaths(text)
  return paths.length > 0 ? { state, intents: [{ type: "image.read", paths, text }] } : { state: paste(state, text) }
}

function keyed(state: ComposerState, key: Key, context: PressContext): Pressed {
  if (state.search !== undefined) {
    const searched = searchKey(state, key, context.prompts ?? [])
    return searched === undefined ? keyed({ ...state, search: undefined }, key, context) : { state: searched }
  }
  if (isTaken(state, key, context)) return { state: typed(state, context.suggestion ?? "") }
  const action = context.keymap.get(key.chord)
  if (action !== undefined && (isEmpty(state) || !yields(key, action))) {
    const performed = perform(state, action, context)
    if (performed !== undefined) return performed
  }
  return { state: changed(state, key, context) }
}

/** Whether the suggestion is what the key asks for. */
function isTaken(state: ComposerState, { chord }: Key, { suggestion }: PressContext): boolean {
  if (suggestion === undefined || suggestion === "" || !isEmpty(state)) return false
  return chord === "right" || chord === "end" || chord === "ctrl+f" || chord === "ctrl+e"
}

/**
 * A key that writes always writes while something is typed. One that edits does so too, unless the person gave it this
 * action themselves.
 */
function yields(key: Key, action: Action): boolean {
  if (key.text !== undefined) return true
  return emacsEdit(key.chord) !== undefined && defaultKeymap().get(key.chord) === action
}

function changed(state: ComposerState, key: Key, context: PressContext): ComposerState {
  const edit = emacsEdit(key.chord)
  if (edit !== undefined) return edit(state, aroundOf(context))
  if (key.text === undefined) return { ...state, last: OTHER }
  return key.text.length === 1 ? typed(state, key.text) : written(state, key.text)
}

/** Characters that came at once: typed fast, or pasted by a terminal that does not say so. */
function written(state: ComposerState, text: string): ComposerState {
  const isPasted = text.includes("\n") || text.includes("\r") || text.length > 64
  if (isPasted) return paste(state, text)
  const made = insert(state, text)
  return { ...made, last: { kind: "type" } }
}
