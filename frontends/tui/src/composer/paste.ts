import { addChip, admitted, chipLabel, isReserved } from "./chips.ts"
import { replace } from "./edit.ts"
import { selectionOf } from "./selection.ts"
import type { Chip, ComposerState } from "./state.ts"

/** From this much on, a paste is a chip: what does not fit above the prompt would push it away. */
const LINES = 4
const CHARACTERS = 800

/** Pasted text at the caret. It never sends. Pasting the same again right behind its chip unfolds the chip. */
export function paste(state: ComposerState, text: string): ComposerState {
  if (text === "") return state
  const { chip, isLong } = chipOfPaste(text)
  if (!isLong) return insert(state, text)
  const before = chipBefore(state)
  if (before?.kind === "text" && before.text === text) return unfold(state) ?? state
  return insertChip(state, chip) ?? insert(state, text)
}

/** The chip that a pasted text is; short ones are text that can be edited instead. */
export function chipOfPaste(text: string): { readonly chip: Chip; readonly isLong: boolean } {
  const lines = lineCount(text)
  return { chip: { kind: "text", text, lines, isPasted: true }, isLong: lines >= LINES || text.length >= CHARACTERS }
}

/** An image at the caret, as the app read it. */
export function insertImage(
  state: ComposerState,
  image: Omit<Extract<Chip, { kind: "image" }>, "kind">,
): ComposerState {
  return insertChip(state, { kind: "image", ...image }) ?? state
}

/** Text from outside at the caret, over the selection. */
export function insert(state: ComposerState, foreign: string): ComposerState {
  const { chips, text } = admitted(state.chips, foreign)
  const range = selectionOf(state) ?? { start: state.caret, end: state.caret }
  return { ...replace(state, range, text), chips }
}

/** The chip at the caret, or before it, as the text that it stands for. Undefined when there is none. */
export function unfold(state: ComposerState): ComposerState | undefined {
  for (const at of [state.caret - 1, state.caret]) {
    const chip = state.chips.get(state.text[at] ?? "")
    if (chip?.kind !== "text" || !chip.isPasted) continue
    const { chips, text } = admitted(state.chips, chip.text)
    return { ...replace(state, { start: at, end: at + 1 }, text), chips }
  }
  return undefined
}

/** A path, or paths, of nothing but images: what a terminal pastes when a file is dropped on it. */
export function imagePaths(text: string): readonly string[] {
  if (text.length > 4096 || !/\.(png|jpe?g|gif|webp)['"]?\s*$/i.test(text)) return []
  const paths = [...text.trim().matchAll(/'([^']+)'|"([^"]+)"|((?:\\.|[^\s\\])+)/g)].map(
    ([, single, double, plain = ""]) => single ?? double ?? unescaped(plain),
  )
  return paths.every(isImagePath) ? paths.map(withoutScheme) : []
}

/** The text for an editor: chips of text in full, images by their label. */
export function labelled(state: Pick<ComposerState, "text" | "chips">): string {
  return [...state.text].map((character) => labelOf(state, character)).join("")
}

/** What came back from an editor: labels of images that are still in it are these images. */
export function fromEditor(state: ComposerState, text: string): ComposerState {
  const emptied = replace(state, { start: 0, end: state.text.length }, "")
  const made = admitted(emptied.chips, text.endsWith("\n") ? text.slice(0, -1) : text)
  let kept = made.text
  for (const [character, chip] of state.chips) {
    if (chip.kind === "image" && state.text.includes(character)) kept = kept.replace(chipLabel(chip), () => character)
  }
  return { ...replace(emptied, { start: 0, end: 0 }, kept, { isJoined: state.text !== "" }), chips: made.chips }
}

function labelOf({ chips }: Pick<ComposerState, "chips">, character: string): string {
  const chip = isReserved(character.charCodeAt(0)) ? chips.get(character) : undefined
  if (chip === undefined) return character
  return chip.kind === "text" ? chip.text : chipLabel(chip)
}

function insertChip(state: ComposerState, chip: Chip): ComposerState | undefined {
  const added = addChip(state.chips, chip)
  if (added === undefined) return undefined
  const range = selectionOf(state) ?? { start: state.caret, end: state.caret }
  return { ...replace(state, range, added.character), chips: added.chips }
}

function chipBefore(state: ComposerState): Chip | undefined {
  return state.chips.get(state.text[state.caret - 1] ?? "")
}

/** Lines as they are seen: a last one that ends begins no other. */
function lineCount(text: string): number {
  let count = 1
  for (let at = text.indexOf("\n"); at !== -1 && at < text.length - 1; at = text.indexOf("\n", at + 1)) count++
  return count
}

function isImagePath(path: string): boolean {
  return (
    /\.(png|jpe?g|gif|webp)$/i.test(path) && (/^(~?\/|file:\/\/|\.{1,2}\/|[a-z]:[\\/])/i.test(path) || !/\s/.test(path))
  )
}

function unescaped(path: string): string {
  // In a path of Windows the backslash separates; elsewhere it keeps the next character as it is.
  return /^[a-z]:\\/i.test(path) ? path : path.replaceAll(/\\(.)/g, "$1")
}

function withoutScheme(path: string): string {
  if (!path.startsWith("file://")) return path
  const encoded = path.slice("file://".length)
  try {
    return decodeURIComponent(encoded)
  } catch (cause) {
    // A name that no one encoded is the name.
    if (cause instanceof URIError) return encoded
    throw cause
  }
}
