import { areSure, BLANK, type Cell, isSameCell, type Row } from "../cells/row.ts"

/** Cells to be written from one place rightwards, and whether what follows them in the row is then made blank. */
export interface Patch {
  readonly row: number
  readonly column: number
  readonly cells: readonly Cell[]
  readonly erasesRest: boolean
  /** The whole row is made blank first. */
  readonly erasesFirst?: boolean | undefined
}

/** What has to be written, from top to bottom, for one grid to become another. */
export interface Plan {
  readonly patches: readonly Patch[]
  /** This row and all below it are to become blank. */
  readonly erasesFrom?: number | undefined
}

/**
 * Only what differs. Rows that are missing in `before` are blank, or not there yet. `isExact`: a row that gets shorter is
 * written anew on a blank row, because to tmux blanks by erasing the end of a row are text, which it wraps. The first `whole` rows are written from end to end.
 */
export function planDiff(before: readonly Row[], after: readonly Row[], isExact = false, whole = 0): Plan {
  const patches = after.flatMap((row, index) => {
    const old = before[index] ?? NOTHING
    if (index < whole && old !== NOTHING) return isExact ? anew(index, row) : wholeRow(row, index)
    return isExact && row.length < old.length ? anew(index, row) : patchesOf(index, old, row)
  })
  const hasLeftovers = before.slice(after.length).some((row) => row.length > 0)
  return hasLeftovers ? { patches, erasesFrom: after.length } : { patches }
}

/** Every row whole, whatever was there before: after a resize, or where someone else has written. */
export function planFull(after: readonly Row[]): Plan {
  return {
    patches: after.map(wholeRow),
    erasesFrom: after.length,
  }
}

function wholeRow(cells: Row, row: number): Patch {
  return { row, column: 0, cells, erasesRest: true }
}

function anew(row: number, cells: Row): readonly Patch[] {
  return [{ row, column: 0, cells, erasesRest: !areSure(cells), erasesFirst: true }]
}

const NOTHING: Row = []
const NO_PATCHES: readonly Patch[] = []

/** To move the cursor costs as much as to write so many cells again. */
const GAP_MAX = 4

function patchesOf(row: number, before: Row, after: Row): readonly Patch[] {
  if (before === after) return NO_PATCHES
  if (before.length === 0) return onBlank(row, after)
  const patches: Patch[] = []
  for (let column = 0; column < after.length; ) {
    const from = firstDifference(before, after, column)
    if (from === after.length) break
    const to = endOfPatch(before, after, from)
    // Behind a character of unsure width there may be more of it than the grid knows.
    const cells = from === 0 && to === after.length ? after : after.slice(from, to)
    const erasesRest = to === after.length && (before.length > to || !areSure(cells))
    patches.push({ row, column: from, cells, erasesRest })
    column = to
  }
  if (before.length > after.length && patches.at(-1)?.erasesRest !== true) {
    patches.push({ row, column: after.length, cells: [], erasesRest: true })
  }
  return patches
}

function onBlank(row: number, cells: Row): readonly Patch[] {
  const column = firstDifference(NOTHING, cells, 0)
  if (column === cells.length) return NO_PATCHES
  return [{ row, column, cells: cells.slice(column), erasesRest: !areSure(cells) }]
}

function firstDifference(before: Row, after: Row, from: number): number {
  let at = from
  while (at < after.length && isSameAt(before, after, at)) at++
  return at
}

/** Behind the last of the differences that are close together. All that follows a character of unsure width is written anew. */
function endOfPatch(before: Row, after: Row, from: number): number {
  let to = from
  for (let at = from; at < after.length && at - to <= GAP_MAX; at++) {
    if (after[at]?.isSure === false) return after.length
    if (!isSameAt(before, after, at)) to = at + 1
  }
  return after[to]?.columns === 0 ? to + 1 : to
}

function isSameAt(before: Row, after: Row, at: number): boolean {
  return isSameCell(before[at] ?? BLANK, after[at] ?? BLANK)
}
