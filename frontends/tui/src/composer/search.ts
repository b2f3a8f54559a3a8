import { draftOf, isRepeated, type Lines, lineAt, restored, withLine } from "./history.ts"
import type { ComposerState, Search } from "./state.ts"

/** Ctrl+R: the newest line that holds what is typed now. Enter takes it into the composer, Esc goes back to the draft. */
export function beginSearch(state: ComposerState): ComposerState {
  return { ...state, search: { query: "", draft: draftOf(state) }, menu: undefined, anchor: undefined }
}

/** Undefined: the key ends the search, the line is taken, and the key goes on to what it does anyway. */
export function searchKey(
  state: ComposerState,
  key: { readonly chord: string; readonly text?: string | undefined },
  known: readonly string[],
): ComposerState | undefined {
  const { search } = state
  if (search === undefined) return undefined
  const lines = { own: state.history, known }
  switch (key.chord) {
    case "escape":
    case "ctrl+c":
    case "ctrl+g":
      return restored(state, search.draft)
    case "enter":
    case "tab":
      return { ...state, search: undefined }
    case "ctrl+r":
    case "up":
      return shown(state, lines, found(lines, search.query, (search.index ?? -1) + 1, 1))
    case "ctrl+s":
    case "down":
      return shown(state, lines, found(lines, search.query, (search.index ?? 0) - 1, -1))
    case "ctrl+u":
    case "ctrl+w":
      return asked(state, lines, search, "")
    case "backspace":
    case "ctrl+h":
      return asked(state, lines, search, [...search.query].slice(0, -1).join(""))
  }
  return key.text === undefined ? undefined : asked(state, lines, search, search.query + key.text.replaceAll("\n", " "))
}

/** Where in the text the found words stand. */
export function searchMatch(state: ComposerState): { readonly start: number; readonly end: number } | undefined {
  const { search, text } = state
  if (search?.index === undefined || search.query === "") return undefined
  const start = text.toLowerCase().lastIndexOf(search.query.toLowerCase())
  return start === -1 ? undefined : { start, end: start + search.query.length }
}

function asked(state: ComposerState, lines: Lines, search: Search, query: string): ComposerState {
  const isLonger = query.startsWith(search.query)
  const index = query === "" ? undefined : found(lines, query, isLonger ? (search.index ?? 0) : 0, 1)
  const next = { ...state, search: { ...search, query, index: undefined } }
  if (query === "") return { ...restored(next, search.draft), search: next.search }
  return shown(next, lines, index)
}

function shown(state: ComposerState, lines: Lines, index: number | undefined): ComposerState {
  const line = index === undefined ? undefined : lineAt(lines, index)
  if (line === undefined || state.search === undefined) return state
  return { ...withLine(state, line), search: { ...state.search, index } }
}

function found(lines: Lines, query: string, from: number, step: 1 | -1): number | undefined {
  const wanted = query.toLowerCase()
  for (let index = from; index >= 0; index += step) {
    const line = lineAt(lines, index)
    if (line === undefined) return undefined
    if (wanted !== "" && !isRepeated(lines, index) && line.text.toLowerCase().includes(wanted)) return index
  }
  return undefined
}
