import { PICTURE_CELLS_MAX } from "@skein/term"
import type { Pixels } from "./png.ts"

/** Cells that a picture covers. */
export interface Box {
  readonly columns: number
  readonly rows: number
}

/** A picture as large as it is, or smaller where it would be larger than this. Its sides keep their proportion, as near as cells can. */
export function boxOf({ width, height }: Pixels, most: Box): Box {
  const columns = width / CELL_WIDTH
  const rows = height / CELL_HEIGHT
  const scale = Math.min(1, within(most.columns) / columns, within(most.rows) / rows)
  return { columns: cells(columns * scale, most.columns), rows: cells(rows * scale, most.rows) }
}

/** Pixels of a cell, as most screens have them: twice as high as wide. */
const CELL_WIDTH = 8
const CELL_HEIGHT = 16

function within(most: number): number {
  return Math.max(Math.min(most, PICTURE_CELLS_MAX), 1)
}

/** A line of a single pixel is to be seen too. */
function cells(count: number, most: number): number {
  return Math.min(Math.max(Math.round(count), 1), within(most))
}
