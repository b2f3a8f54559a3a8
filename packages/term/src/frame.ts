import type { Line } from "./line.ts"

/** Of a screen, in cells. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Rows and columns from 0, within the frame. */
export interface Caret {
  readonly row: number
  readonly column: number
}

/** What is to be seen: rows from the top, none wider than the screen, and where the cursor stands. Without one it is hidden. */
export interface Frame {
  readonly lines: readonly Line[]
  readonly caret?: Caret | undefined
}

/** What a surface has written so far. */
export interface WriteMetrics {
  readonly frames: number
  /** Of those: the ones that painted everything anew, as after a resize. */
  readonly fullFrames: number
  readonly bytes: number
  /** Frames that had nothing to change and wrote nothing. */
  readonly emptyFrames: number
  /** Cells written, blanks by erasing not counted. Of a calm screen it is little more than the cells that changed. */
  readonly cells: number
}

/** A place to draw. It alone writes to the terminal while it is open; frames that change nothing write nothing. */
export interface Surface {
  /** Lines that will never change again, above what `draw` shows. Inline: once, into the terminal's own scrollback. */
  finish(lines: readonly Line[]): void
  /** What is live now. Everything since the last call leaves in one synchronized write. */
  draw(frame: Frame): void
  /** The terminal has another size now, or may have been written to by someone else. The next `draw` is whole. */
  resize(size: Size): void
  /** Sequences that are no part of a frame: a bell, a title, a question to the terminal. Written with the next frame or at once. */
  say(sequence: string): void
  /** Leaves the terminal as a shell expects it, below what was drawn. May be opened again by `draw`. */
  close(): void
  readonly metrics: WriteMetrics
}
