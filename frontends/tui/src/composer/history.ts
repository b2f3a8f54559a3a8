import { addChip, admitted, type Chips, isReserved } from "./chips.ts"
import { replace } from "./edit.ts"
import type { ComposerState, Draft, Kept } from "./state.ts"

/** The lines of before, newest first: this session's own with their chips, then those that the engine knows. */
export interface Lines {
  readonly own: readonly Kept[]
  readonly known: readonly string[]
}

/** What was typed before, as it is taken up again. */
export function lineAt(lines: Lines, index: number): Kept | undefined {
  const own = lines.own[index]
  if (own !== undefined) return own
  const text = lines.known[index - lines.own.length]
  return text === undefined ? undefined : { text, chips: new Map() }
}

/** Whether a known line is one of this session's own. */
export function isRepeated({ own, known }: Lines, index: number): boolean {
  const text = index < own.length ? undefined : known[index - own.length]
  return text !== undefined && own.some((line) => line.text === text)
}

/** One line further back that differs from what stands there; with `prefix`, one that begins so. */
export function previousLine(state: ComposerState, known: readonly string[], prefix = ""): ComposerState {
  const recall = current(state)
  const lines = { own: state.history, known }
  for (let index = (recall?.index ?? -1) + 1; ; index++) {
    const line = lineAt(lines, index)
    if (line === undefined) return state
    if (isNew(lines, index, state) && line.text.startsWith(prefix)) return brought(state, line, index, recall?.draft)
  }
}

/** One line nearer; from the newest, back to what was being typed. */
export function nextLine(state: ComposerState, known: readonly string[], prefix = ""): ComposerState {
  const recall = current(state)
  if (recall === undefined) return state
  const lines = { own: state.history, known }
  for (let index = recall.index - 1; index >= 0; index--) {
    const line = lineAt(lines, index)
    if (line !== undefined && isNew(lines, index, state) && line.text.startsWith(prefix)) {
      return brought(state, line, index, recall.draft)
    }
  }
  return restored(state, recall.draft)
}

/** Whether the keys up and down go on through the lines without first moving through the rows of this one. */
export function isRecalling(state: ComposerState): boolean {
  return current(state) !== undefined && state.caret === state.text.length
}

/** As it was typed, with its caret. */
export function restored(state: ComposerState, draft: Draft): ComposerState {
  const whole = { start: 0, end: state.text.length }
  const back = replace(state, whole, draft.text, { caret: draft.caret })
  return { ...back, chips: draft.chips, recall: undefined, search: undefined }
}

/** What is typed now, as it is kept while older lines are looked at. */
export function draftOf(state: ComposerState): Draft {
  return { text: state.text, caret: state.caret, chips: state.chips }
}

/** The line in the place of the text, its chips beside those that undo may still need. */
export function withLine(state: ComposerState, line: Kept): ComposerState {
  const { text, chips } = adopted(state.chips, line)
  return { ...replace(state, { start: 0, end: state.text.length }, text), chips }
}

/** A line that was changed since it was brought back is a draft of its own. */
function current(state: ComposerState): ComposerState["recall"] {
  return state.recall?.shown === state.text ? state.recall : undefined
}

/** What was sent from here is known to the engine too: it is shown once. The same character may be another chip. */
function isNew(lines: Lines, index: number, state: ComposerState): boolean {
  const line = lineAt(lines, index)
  if (line === undefined || isRepeated(lines, index)) return false
  return line.text !== state.text || line.chips.size > 0
}

function brought(state: ComposerState, line: Kept, index: number, draft = draftOf(state)): ComposerState {
  const next = withLine(state, line)
  return { ...next, recall: { index, shown: next.text, draft } }
}

/** A line of elsewhere as it may stand beside these chips: its own have characters that are free here. */
export function adopted(chips: Chips, line: Kept): Kept {
  if (line.chips.size === 0) return admitted(chips, line.text)
  let known = chips
  const renamed = new Map<string, string>()
  for (const [character, chip] of line.chips) {
    if (!line.text.includes(character) || chips.get(character) === chip) continue
    const added = addChip(known, chip)
    known = added?.chips ?? known
    renamed.set(character, added?.character ?? "\ufffd")
  }
  if (renamed.size === 0) return { text: line.text, chips: known }
  const text = [...line.text].map((character) =>
    isReserved(character.charCodeAt(0)) ? (renamed.get(character) ?? character) : character,
  )
  return { text: text.join(""), chips: known }
}
