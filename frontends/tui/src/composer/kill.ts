import { replace } from "./edit.ts"
import type { ComposerState } from "./state.ts"

const KILLS_MAX = 60

/** Cuts [start, end) into the kill ring; kills that follow each other are one. */
export function kill(state: ComposerState, start: number, end: number): ComposerState {
  if (start === end) return state
  const cut = state.text.slice(start, end)
  const [newest = "", ...older] = state.kills
  const joined = end <= state.caret && start < state.caret ? cut + newest : newest + cut
  const kills = state.last.kind === "kill" ? [joined, ...older] : [cut, ...state.kills].slice(0, KILLS_MAX)
  return { ...replace(state, { start, end }, "", { last: { kind: "kill" } }), kills }
}

/** Puts back what was killed last. */
export function yank(state: ComposerState): ComposerState {
  const text = state.kills[0]
  if (text === undefined) return state
  return replace(state, { start: state.caret, end: state.caret }, text, {
    last: { kind: "yank", start: state.caret, index: 0 },
  })
}

/** In the place of what was just yanked, what was killed before that. */
export function yankOlder(state: ComposerState): ComposerState {
  if (state.last.kind !== "yank") return state
  const { start, index } = state.last
  const next = (index + 1) % state.kills.length
  const current = state.kills[index] ?? ""
  return replace(state, { start, end: start + current.length }, state.kills[next] ?? "", {
    last: { kind: "yank", start, index: next },
    isJoined: true,
  })
}
