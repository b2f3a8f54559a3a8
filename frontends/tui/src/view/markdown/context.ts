import type { CodeLine } from "@skein/highlight"
import type { Look } from "../look.ts"

/** What code looks like, as far as it is known by now. A view never waits for it. */
export interface CodeLook {
  /** Undefined while the language is not loaded, or is none that is known: the code is then shown plain. */
  highlighted(code: string, language: string): readonly CodeLine[] | undefined
  /** For code that is still being written. */
  stream?(language: string): FenceColors | undefined
}

/** Colors the lines of one piece of code as they come: what a line was given stays. */
export interface FenceColors {
  line(text: string): CodeLine | undefined
  close(): void
}

/** Of a file, counted from 1. */
export interface FileLines {
  readonly from: number
  /** The last of them; one line when left out. */
  readonly to?: number | undefined
}

/** Where a click on a file leads; undefined for what is none. No view looks at the disk: the caller knows the files. */
export type LinkOf = (path: string, lines: FileLines | undefined) => string | undefined

/** What is drawn with, besides the look. */
export interface Drawing {
  readonly look: Look
  readonly code?: CodeLook | undefined
  readonly linkOf?: LinkOf | undefined
}
