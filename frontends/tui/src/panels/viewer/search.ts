import { textOf } from "@skein/term"
import { movedTo, type ViewerState, walkOf } from "./state.ts"
import { type Expansion, isExpanded } from "./walk.ts"

/** The next row that says what is looked for, or the one before; round the ends. Only blocks up to there are looked at. */
export function found(state: ViewerState, by: 1 | -1, room: number): ViewerState {
  const { query, layout, cursor } = state
  if (query === "") return { ...state, note: "Nothing to look for yet: / and a word." }
  const { count } = layout.source
  for (let step = 0; step <= count; step++) {
    const index = (((cursor.index + by * step) % count) + count) % count
    if (!layout.source.textOf(index).toLowerCase().includes(query)) continue
    const isHere = step === 0
    const row = rowOf(state, index, by, isHere ? cursor.row : undefined)
    if (row !== undefined) return movedTo(state, { index, row }, room)
    if (isHere || isExpanded(state.expansion, index)) continue
    // What is folded away is unfolded: a find that cannot be seen is none.
    const opened = { ...state, expansion: toggled(state.expansion, index) }
    return movedTo(opened, { index, row: rowOf(opened, index, by, undefined) ?? 0 }, room)
  }
  return { ...state, note: "Nothing says that." }
}

function rowOf(state: ViewerState, index: number, by: 1 | -1, past: number | undefined): number | undefined {
  const rows = walkOf(state)
    .lines(index)
    .flatMap((line, row) => (textOf(line).toLowerCase().includes(state.query) ? [row] : []))
  if (past === undefined) return by === 1 ? rows[0] : rows.at(-1)
  return by === 1 ? rows.find((row) => row > past) : rows.findLast((row) => row < past)
}

/** This block the other way round. */
export function toggled({ isAll, others }: Expansion, index: number): Expansion {
  const changed = new Set(others)
  if (!changed.delete(index)) changed.add(index)
  return { isAll, others: changed }
}
