import type { Line } from "@skein/term"
import type { ImagePart } from "../../transcript/block.ts"
import type { Look, PictureRoom } from "../look.ts"
import type { CodeLook, LinkOf } from "../markdown/context.ts"
import { GUTTER } from "../text/line.ts"

/** How a block is to be drawn, besides the look. */
export interface BlockView {
  /** All there is of it: whole outputs, all hunks, what was thought. */
  readonly isExpanded: boolean
  /** The person has chosen it: full screen only. */
  readonly isFocused: boolean
  readonly code?: CodeLook | undefined
  /** Where a click on the name of a file leads, for files that are known to be there. */
  readonly linkOf?: LinkOf | undefined
  readonly pictures?: PictureLook | undefined
  /** The key that unfolds, as it is said: `e expand`. */
  readonly hint?: string | undefined
  /** Rows of a running call's newest output, 3 to 8. */
  readonly paneRows?: number | undefined
}

/** What draws an image, on a look that has room for pictures. */
export interface PictureLook {
  /** None of an image that cannot be drawn. */
  rows(image: ImagePart, columns: number, room: PictureRoom): readonly Line[]
}

/** What blocks are drawn with. */
export interface BlockDrawing extends BlockView {
  readonly look: Look
}

/** Right edges are aligned here where a screen is wider: an eye does not jump farther. */
const DESIGN_COLUMNS = 80
/** Below this there is one column. */
const RIGHT_COLUMNS_MIN = 60

/** Where the right column ends. */
export function rightEdge({ columns }: Look): number {
  return Math.max(Math.min(columns, DESIGN_COLUMNS) - GUTTER, 1)
}

/** Whether there is room for what came of a call at the right. */
export function hasRightColumn({ columns }: Look): boolean {
  return columns >= RIGHT_COLUMNS_MIN
}
