import { moved } from "./edit.ts"
import { nextBoundary, previousBoundary } from "./graphemes.ts"
import {
  columnOf,
  type Layout,
  layoutOf,
  lineEnd,
  lineStart,
  offsetAt,
  type Row,
  rowAfter,
  rowAt,
  rowBefore,
} from "./layout.ts"
import { selectionOf } from "./selection.ts"
import type { ComposerState } from "./state.ts"

/** Before the grapheme on the left; at the beginning it stays. */
export function left(state: ComposerState, isSelecting = false): ComposerState {
  const selected = isSelecting ? undefined : selectionOf(state)
  return moved(state, selected?.start ?? previousBoundary(state.text, state.caret), isSelecting)
}

/** After the grapheme on the right; at the end it stays. */
export function right(state: ComposerState, isSelecting = false): ComposerState {
  const selected = isSelecting ? undefined : selectionOf(state)
  return moved(state, selected?.end ?? nextBoundary(state.text, state.caret), isSelecting)
}

/** The start of the line. */
export function home(state: ComposerState, isSelecting = false): ComposerState {
  return moved(state, lineStart(state.text, state.caret), isSelecting)
}

/** The end of the line. */
export function end(state: ComposerState, isSelecting = false): ComposerState {
  return moved(state, lineEnd(state.text, state.caret), isSelecting)
}

/** A row up, in the cell that was begun in; undefined from the first row. */
export function up(state: ComposerState, columns: number, isSelecting = false): ComposerState | undefined {
  return toRow(state, layoutOf(state, columns), rowBefore, isSelecting)
}

/** A row down; undefined from the last one. */
export function down(state: ComposerState, columns: number, isSelecting = false): ComposerState | undefined {
  return toRow(state, layoutOf(state, columns), rowAfter, isSelecting)
}

function toRow(
  state: ComposerState,
  layout: Layout,
  next: (layout: Layout, row: Row) => Row | undefined,
  isSelecting: boolean,
): ComposerState | undefined {
  const row = rowAt(layout, state.caret)
  const target = next(layout, row)
  if (target === undefined) return undefined
  const goal = state.goal ?? columnOf(layout, row, state.caret)
  return { ...moved(state, offsetAt(layout, target, goal), isSelecting), goal }
}
