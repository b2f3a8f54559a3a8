import type { LineInput } from "../line-input.ts"
import type { Layout, Place } from "./source.ts"
import { type Expansion, Walk } from "./walk.ts"

/** Which block is selected, which are unfolded, and what is searched. */
export interface ViewerState {
  readonly layout: Layout
  /** The row that keys are about. */
  readonly cursor: Place
  /** The cursor stays at the end, however much comes. */
  readonly isFollowing: boolean
  /** The first row that is shown. */
  readonly top: Place
  readonly expansion: Expansion
  /** Where the selection began; undefined while nothing is selected. */
  readonly selectedFrom?: Place | undefined
  /** What is being typed after `/`. */
  readonly typing?: LineInput | undefined
  /** What n and N look for, in small letters. */
  readonly query: string
  readonly note?: string | undefined
}

/** The transcript as it is unfolded now. */
export function walkOf({ layout, expansion }: ViewerState): Walk {
  return new Walk(layout, expansion)
}

/** The cursor there, and as little scrolled as shows it. `room`: the rows of the transcript that are shown. */
export function movedTo(state: ViewerState, to: Place, room: number): ViewerState {
  const walk = walkOf(state)
  const cursor = walk.clamped(to)
  const { end } = walk
  const isFollowing = cursor.index === end.index && cursor.row === end.row
  return { ...state, cursor, isFollowing, top: topFor(walk, state.top, cursor, room), note: undefined }
}

/** The cursor at the end that there is now, when it was at the end before. */
export function caughtUp(state: ViewerState): ViewerState {
  return state.isFollowing ? { ...state, cursor: walkOf(state).end } : state
}

function topFor(walk: Walk, top: Place, cursor: Place, room: number): Place {
  const rows = Math.max(1, room)
  const isAbove = cursor.index < top.index || (cursor.index === top.index && cursor.row < top.row)
  if (isAbove) return cursor
  const below = walk.distance(top, cursor, rows)
  return below < rows ? top : walk.moved(cursor, 1 - rows)
}
