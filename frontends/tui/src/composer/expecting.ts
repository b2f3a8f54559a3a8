import { addChip, admitted } from "./chips.ts"
import { replace } from "./edit.ts"
import { chipOfPaste } from "./paste.ts"
import { selectionOf } from "./selection.ts"
import type { Chip, ComposerState, Kept } from "./state.ts"

/** What a paste turned out to be, once it was read. */
export type ReadPaste =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "images"; readonly images: readonly Omit<Extract<Chip, { kind: "image" }>, "kind">[] }
  | { readonly kind: "nothing" }

/** A chip at the caret that stands for a paste while it is read. Undefined: there are too many chips. */
export function expecting(state: ComposerState, id: symbol, name: string): ComposerState | undefined {
  const added = addChip(state.chips, { kind: "expected", id, name })
  if (added === undefined) return undefined
  const range = selectionOf(state) ?? { start: state.caret, end: state.caret }
  return { ...replace(state, range, added.character), chips: added.chips }
}

/** Something of the text is still being read; with `id`, that paste. */
export function isExpecting({ text, chips }: Kept, id?: symbol): boolean {
  for (const [character, chip] of chips) {
    if (chip.kind === "expected" && (id === undefined || chip.id === id) && text.includes(character)) return true
  }
  return false
}

/** What was read comes where it was pasted, wherever that text is by now: in the line, or among what was typed before. */
export function withPaste(state: ComposerState, id: symbol, read: ReadPaste): ComposerState {
  const { recall, search, history } = state
  const draftOf = <T extends { readonly draft: Kept }>(one: T): T => ({
    ...one,
    draft: { ...one.draft, ...keptWithPaste(one.draft, id, read) },
  })
  const made = placesOf(state, id).reduce((before, character) => inLine(before, character, read), state)
  return {
    ...made,
    history: history.map((line) => keptWithPaste(line, id, read)),
    ...(recall && { recall: draftOf(recall) }),
    ...(search && { search: draftOf(search) }),
  }
}

/** The same for a text that nobody edits now. */
export function keptWithPaste<T extends Kept>(kept: T, id: symbol, read: ReadPaste): T {
  let { text, chips } = kept
  for (const character of placesOf(kept, id)) {
    const made = placed({ chips }, character, read)
    text = text.replace(character, () => made.text)
    chips = made.chips
  }
  return { ...kept, text, chips }
}

function placesOf({ chips }: Pick<Kept, "chips">, id: symbol): readonly string[] {
  return [...chips].flatMap(([character, chip]) => (chip.kind === "expected" && chip.id === id ? [character] : []))
}

/** The caret stays at its text; what was pasted and never typed behind is one step of undo. */
function inLine(state: ComposerState, character: string, read: ReadPaste): ComposerState {
  const at = state.text.indexOf(character)
  const { chips, text } = placed(state, character, read)
  if (at === -1 || text === character) return { ...state, chips }
  const { caret, last, done } = state
  const isJoined = done?.change.inserted === character
  const moved = caret > at ? caret + text.length - 1 : caret
  const made = replace(state, { start: at, end: at + 1 }, text, { caret: moved, last, isJoined })
  return { ...made, chips, menu: undefined }
}

/** The character stands for all of it from now on, so that an undone or cut one still does; `text` is what is seen for it. */
function placed({ chips }: Pick<Kept, "chips">, character: string, read: ReadPaste): Pick<Kept, "chips" | "text"> {
  if (read.kind === "images") {
    const [first, ...rest] = read.images
    if (first === undefined) return placed({ chips }, character, { kind: "nothing" })
    let known: Kept["chips"] = new Map(chips).set(character, { kind: "image", ...first })
    let text = character
    for (const image of rest) {
      const added = addChip(known, { kind: "image", ...image })
      known = added?.chips ?? known
      text += added?.character ?? ""
    }
    return { chips: known, text }
  }
  const whole = read.kind === "text" ? read.text : ""
  const { chip, isLong } = chipOfPaste(whole)
  const known = new Map(chips).set(character, chip)
  return isLong ? { chips: known, text: character } : admitted(known, whole)
}
