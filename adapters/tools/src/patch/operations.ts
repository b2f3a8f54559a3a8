/** What a patch asks for, whichever way it is written. */
export interface Patch {
  readonly operations: readonly FileOperation[]
  /**
   * The operations stand for themselves, as in the public `apply_patch` format: the first that does not fit ends the patch, and
   * those before it hold. A diff is one thing: all of it or nothing.
   */
  readonly isInOrder: boolean
}

export type FileOperation =
  | {
      readonly kind: "add"
      readonly path: string
      readonly content: string
      /** A file that is there is replaced; else it refuses. */
      readonly mayReplace: boolean
      readonly mode?: number | undefined
    }
  | { readonly kind: "delete"; readonly path: string }
  | {
      readonly kind: "update"
      readonly path: string
      /** Its new place, when it moves. */
      readonly to?: string | undefined
      readonly chunks: readonly Chunk[]
    }

/** Lines that stand together in the file, some of which change. */
export interface Chunk {
  /** Lines above it, outermost first, that say where it is: what stands behind `@@`. */
  readonly heads: readonly string[]
  readonly lines: readonly ChunkLine[]
  /** Its last old line is the file's last. */
  readonly isAtEnd: boolean
  /** 1-based first old line, as far as a diff says it. Only ever tells two places apart. */
  readonly line?: number | undefined
  /** The file's last line has no line end, before or after. */
  readonly hasNoOldEnd?: boolean | undefined
  readonly hasNoNewEnd?: boolean | undefined
}

export interface ChunkLine {
  readonly kind: "context" | "old" | "new"
  readonly text: string
}

export const oldLinesOf = ({ lines }: Chunk): readonly string[] =>
  lines.filter(({ kind }) => kind !== "new").map(({ text }) => text)

export const newLinesOf = ({ lines }: Chunk): readonly string[] =>
  lines.filter(({ kind }) => kind !== "old").map(({ text }) => text)
