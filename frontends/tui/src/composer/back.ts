import type { InputPart } from "@skein/protocol"
import { moved, replace } from "./edit.ts"
import { adopted } from "./history.ts"
import { insert, insertImage } from "./paste.ts"
import type { ComposerState, Kept } from "./state.ts"

/** What was sent, at the caret again. */
export function insertInput(state: ComposerState, input: readonly InputPart[]): ComposerState {
  return input.reduce((made, part) => {
    if (part.type === "text") return insert(made, part.text)
    const { mediaType, data, name = "image" } = part
    return insertImage(made, { mediaType, data, name, bytes: Math.floor((data.length * 3) / 4) })
  }, state)
}

/** A line that was kept, at the caret, with what its chips stand for. */
export function insertKept(state: ComposerState, line: Kept): ComposerState {
  const { text, chips } = adopted(state.chips, line)
  return { ...replace(state, { start: state.caret, end: state.caret }, text), chips }
}

/** Each on lines of its own, before what is typed; the caret stays where it was in that. */
export function insertedBefore(
  typed: ComposerState,
  inserts: readonly ((state: ComposerState) => ComposerState)[],
): ComposerState {
  if (inserts.length === 0) return typed
  const before = inserts.reduce(
    (state, inserted, at) => inserted(at === 0 ? state : insert(state, "\n")),
    moved({ ...typed, menu: undefined }, 0),
  )
  const made = typed.text === "" ? before : insert(before, "\n")
  return moved(made, typed.caret + made.text.length - typed.text.length)
}
