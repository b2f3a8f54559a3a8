import { nextBoundary } from "./graphemes.ts"
import { lineEnd, lineStart } from "./layout.ts"
import type { ComposerState } from "./state.ts"

/** text[start, end). */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The selected range, undefined when nothing is selected. As vi selects, the grapheme at the caret is part of it. */
export function selectionOf(state: ComposerState): Range | undefined {
  const { anchor, caret, text, editing } = state
  if (anchor === undefined) return undefined
  const start = Math.min(anchor, caret)
  const end = Math.max(anchor, caret)
  if (editing.kind === "vim" && editing.vim.mode === "visual") return { start, end: nextBoundary(text, end) }
  if (editing.kind === "vim" && editing.vim.mode === "visual-line") {
    return { start: lineStart(text, start), end: lineEnd(text, end) }
  }
  return start === end ? undefined : { start, end }
}
