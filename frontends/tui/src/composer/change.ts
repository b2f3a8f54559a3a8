import type { PressContext } from "./context.ts"
import { OTHER } from "./edit.ts"
import { emacsEdit } from "./emacs.ts"
import { insert, paste } from "./paste.ts"
import { aroundOf, typed } from "./perform.ts"
import type { ComposerState } from "./state.ts"

export interface Key {
  readonly chord: string
  readonly text?: string | undefined
}

/** A key that is no action: what it edits, or what it writes. */
export function changed(state: ComposerState, key: Key, context: PressContext): ComposerState {
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
