import type { Row } from "../cells/row.ts"
import type { Line } from "../line.ts"

export interface Painted {
  readonly line: Line
  readonly row: Row
}

/** How a whole frame begins. */
export interface Start {
  readonly bytes: string
  readonly up: number
  readonly again: readonly Painted[]
  readonly isRepair: boolean
}

export function rowsOf(painted: readonly Painted[]): readonly Row[] {
  return painted.map(({ row }) => row)
}

/** No live line, so nothing to be compared with the next frame. */
export function historical(row: Row): Painted {
  return { line: [], row }
}

/** Whether a resize does the same to both, wherever the cursor is on its row. */
export function hasSameShape(before: readonly Painted[], after: readonly Painted[], cursor: number): boolean {
  if (before.length !== after.length) return false
  return after.every(({ row }, at) => at === cursor || row.length === before[at]?.row.length)
}

export const ERASE = "\r\u001b[J"
/** Leaves the old frame where it is, rather than take a line of history for one of its rows. */
export const BELOW_EVERYTHING = "\u001b[9999B\r\n"
