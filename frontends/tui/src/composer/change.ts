import type { PressContext } from "./context.ts"
import { OTHER } from "./edit.ts"
import { emacsEdit } from "./emacs.ts"
import { paste } from "./paste.ts"
import { aroundOf, typed } from "./perform.ts"
import type { ComposerState } from "./state.ts"

/** A key that is no action. */
export interface Key {
  readonly chord: string
  readonly text?: string | undefined
}

/** A key that is no action: what it edits, or what it writes. */
export function changed(state: ComposerState, key: Key, context: PressContext): ComposerState {
  const edit = emacsEdit(key.chord)
  if (edit !== undefined) return edit(state, aroundOf(context))
  if (key.text === undefined) return { ...state, last: OTHER }
  return written(state, key.text)
}

/** Characters that came at once are typed fast, or pasted by a terminal that does not say so. */
function written(state: ComposerState, text: string): ComposerState {
  const isPasted = text.length > 64 || (text.length > 1 && /[\n\r]/.test(text))
  return isPasted ? paste(state, text) : typed(state, text)
}
