import type { Input } from "@skein/term"
import type { Action } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import { changed, type Key } from "./change.ts"
import { accepted, dismissed, selected, withMenu } from "./complete.ts"
import type { PressContext, Pressed } from "./context.ts"
import { emacsEdit } from "./emacs.ts"
import { imagePaths, paste } from "./paste.ts"
import { perform, typed } from "./perform.ts"
import { searchKey } from "./search.ts"
import { type ComposerState, isEmpty, type Menu } from "./state.ts"
import { submit } from "./submit.ts"
import { recorded, vimKey } from "./vim/press.ts"
import { settledOnText } from "./vim/state.ts"

/** What a key, or pasted text, does to the composer, and what it asks of the app. */
export function press(state: ComposerState, input: Input, context: PressContext): Pressed {
  if (input.kind === "paste") return pasted({ ...state, search: undefined, menu: undefined }, input.text)
  return input.kind === "key" ? keyed(state, input, context) : { state }
}

/** What an action does to the composer without its key, and what it asks of the app: nothing is typed by it. */
export function acted(state: ComposerState, action: Action, context: PressContext): Pressed {
  const closed = { ...state, menu: undefined, search: undefined }
  const result = perform(closed, action, context) ?? { state: closed, action }
  return { ...result, state: settledOnText(result.state) }
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
  if (state.menu !== undefined) {
    const chosen = menuKey(state, key, context)
    if (chosen !== undefined) return chosen
  }
  const vim = vimKey(state, key, context)
  if (vim !== undefined) return { ...vim, state: offered(vim.state, state, context) }
  const result = plain(recorded(state, key), key, context)
  return { ...result, state: settledOnText(result.state) }
}

/** A key that is neither the menu's nor vi's. */
function plain(state: ComposerState, key: Key, context: PressContext): Pressed {
  if (isTaken(state, key, context)) return { state: typed(state, context.suggestion ?? "") }
  const action = context.keymap.get(key.chord)
  if (action !== undefined && (isEmpty(state) || !yields(key, action))) {
    const performed = perform(state, action, context)
    if (performed !== undefined) return settled(performed, state)
  }
  return { state: offered(changed(state, key, context), state, context) }
}

/** A menu stays only where nothing was done beside it. */
function settled(performed: Pressed, before: ComposerState): Pressed {
  const { state } = performed
  const isSame = state.text === before.text && state.caret === before.caret
  return isSame || state.menu === undefined || state.menu !== before.menu
    ? performed
    : { ...performed, state: { ...state, menu: undefined } }
}

/** The keys of an open menu. Undefined: the key is what it is without one. */
function menuKey(state: ComposerState, key: Key, context: PressContext): Pressed | undefined {
  const { menu } = state
  switch (key.chord) {
    case "up":
    case "ctrl+p":
      return { state: selected(state, -1) }
    case "down":
    case "ctrl+n":
      return { state: selected(state, 1) }
    case "tab":
      return { state: accepted(state, context) }
    case "escape":
      return { state: dismissed(state) }
    case "enter":
      if (menu === undefined || isWritten(state, menu)) return undefined
      if (menu.selected === -1) return menu.kind === "command" && menu.query === "" ? { state } : undefined
      return entered(state, context)
  }
  return undefined
}

/** What stands there whole needs no Enter of its own: a path, and a command that may go without more words. */
function isWritten({ text }: ComposerState, { kind, start, end, entries, selected: at }: Menu): boolean {
  const entry = entries[at]
  if (entry?.text.trimEnd() !== text.slice(start, end)) return false
  return kind === "file" ? entry.isWhole : kind === "command" && entry.usage?.startsWith("<") !== true
}

/** Enter takes the entry; a command that needs nothing more is sent with it. */
function entered(state: ComposerState, context: PressContext): Pressed {
  const isCommand = state.menu?.kind === "command" || state.menu?.kind === "argument"
  const next = accepted(state, context)
  const isSent = isCommand && next.menu === undefined && !next.text.endsWith(" ")
  return isSent ? (submit(next, "steer", context) ?? { state: next }) : { state: next }
}

/** What can be completed is offered while it is typed, and goes on being so while the caret moves in it. */
function offered(next: ComposerState, before: ComposerState, context: PressContext): ComposerState {
  const isTyping = next.last.kind === "type" || next.last.kind === "erase"
  const isChanged = next.text !== before.text || next.caret !== before.caret
  if (!isChanged) return next
  return isTyping || before.menu !== undefined ? withMenu(next, context) : next
}

/** Whether the suggestion is what the key asks for: one that completes, or goes to the end and means nothing else here. */
function isTaken(state: ComposerState, { chord }: Key, { suggestion, isBusy, keymap }: PressContext): boolean {
  if (isBusy || suggestion === undefined || suggestion === "" || !isEmpty(state)) return false
  const action = keymap.get(chord)
  return action === "complete" || (action === undefined && TO_THE_END.has(chord))
}

const TO_THE_END: ReadonlySet<string> = new Set(["right", "end", "ctrl+f", "ctrl+e"])

/**
 * A key that writes always writes while something is typed. One that edits does so too, unless the person gave it this
 * action themselves.
 */
function yields(key: Key, action: Action): boolean {
  if (key.text !== undefined) return true
  return emacsEdit(key.chord) !== undefined && defaultKeymap().get(key.chord) === action
}
