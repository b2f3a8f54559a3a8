import type { Line } from "@skein/term"
import type { Look } from "../../view/look.ts"
import type { FileRow, FileSource } from "./tree.ts"

/** Draws rows of a file, `from` counted from 0. No line is wider than the look. */
export type DrawRows = (path: string, rows: readonly string[], from: number, look: Look) => readonly Line[]

export interface FilesState {
  readonly source: FileSource
  readonly drawRows: DrawRows
  readonly expanded: ReadonlySet<string>
  /** What is unfolded. */
  readonly rows: readonly FileRow[]
  readonly at: number
  /** The first row of the file that is shown. */
  readonly top: number
  /** The file has the screen, or the keys where both fit. */
  readonly isReading: boolean
}
