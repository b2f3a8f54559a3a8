import type { Action } from "../keys/actions.ts"
import { admitted } from "./chips.ts"
import { completed } from "./complete.ts"
import type { PressContext, Pressed } from "./context.ts"
import { replace } from "./edit.ts"
import { type Around, downOrAfter, upOrBefore } from "./emacs.ts"
import { labelled, unfold } from "./paste.ts"
import { beginSearch } from "./search.ts"
import { selectionOf } from "./selection.ts"
import { type ComposerState, isEmpty } from "./state.ts"
import { submit } from "./submit.ts"

/** What an action does to the text, or the action itself for the app. Undefined: not here; the key is what it edits. */
export function perform(state: ComposerState, action: Action, context: PressContext): Pressed | undefined {
  switch (action) {
    case "submit":
      // On an empty line Enter may be the app's: a question that waits is shown by it.
      if (isEmpty(state)) return { state, action }
      return endsInBackslash(state) ? { state: continued(state) } : (submit(state, "steer", context) ?? { state })
    case "submit.queue":
      if (!context.isBusy) return { state: typed(state, "\n") }
      return submit(state, "queue", context) ?? { state }
    case "newline":
      return { state: typed(state, "\n") }
    case "complete":
      return complete(state, context)
    case "cancel":
      return selectionOf(state) === undefined ? { state, action } : { state: { ...state, anchor: undefined } }
    case "interrupt":
      return isEmpty(state) ? { state, action } : { state: emptied(state) }
    case "quit":
      return isEmpty(state) ? { state, action } : undefined
    case "history.previous":
      return { state: upOrBefore(state, aroundOf(context)) }
    case "history.next":
      return { state: downOrAfter(state, aroundOf(context)) }
    case "history.search":
      return { state: beginSearch(state) }
    case "editor":
      return { state, intents: [{ type: "editor" }] }
    case "copy.answer":
      return copied(state) ?? { state, action }
    case "paste.image":
      return { state, intents: [{ type: "image.paste" }] }
    default:
      return { state, action }
  }
}

/** The text with these characters at the caret. */
export function typed(state: ComposerState, foreign: string): ComposerState {
  const { chips, text } = admitted(state.chips, foreign)
  const range = selectionOf(state) ?? { start: state.caret, end: state.caret }
  return { ...replace(state, range, text, { last: { kind: "type" } }), chips }
}

/** What editing has to know of the screen. */
export function aroundOf({ columns, prompts = [] }: PressContext): Around {
  return { columns, prompts }
}

/** On an empty line Tab is the app's (it switches the tier); beside a chip it unfolds it. */
function complete(state: ComposerState, context: PressContext): Pressed {
  if (isEmpty(state)) return { state, action: "complete" }
  return { state: unfold(state) ?? completed(state, context) }
}

/** What is selected is what one wants to copy, here and elsewhere. */
function copied(state: ComposerState): Pressed | undefined {
  const range = selectionOf(state)
  if (range === undefined) return undefined
  const text = state.text.slice(range.start, range.end)
  const whole = labelled({ text, chips: state.chips })
  return {
    state: { ...state, anchor: undefined, kills: [text, ...state.kills] },
    intents: [{ type: "copy", text: whole, what: "selection" }],
  }
}

/** Ctrl+C clears the line; undo brings it back. */
function emptied(state: ComposerState): ComposerState {
  const clear = replace(state, { start: 0, end: state.text.length }, "")
  return { ...clear, recall: undefined }
}

/** `\` and Enter: a new line on terminals that cannot say Shift+Enter. */
function endsInBackslash({ text, caret }: ComposerState): boolean {
  return text[caret - 1] === "\\"
}

function continued(state: ComposerState): ComposerState {
  return replace(state, { start: state.caret - 1, end: state.caret }, "\n")
}
