import type { FileRow, FileSource } from "./tree.ts"

/** What is unfolded, selected and read. */
export interface FilesState {
  readonly source: FileSource
  readonly expanded: ReadonlySet<string>
  /** What is unfolded. */
  readonly rows: readonly FileRow[]
  readonly at: number
  /** The first row of the file that is shown. */
  readonly top: number
  /** The file has the screen, or the keys where both fit. */
  readonly isReading: boolean
}
