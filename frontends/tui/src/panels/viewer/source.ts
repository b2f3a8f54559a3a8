import type { Line } from "@skein/term"
import type { Look } from "../../view/look.ts"

/** A transcript that is drawn piece by piece: only what is seen is asked for. It may grow at its end meanwhile. */
export interface ViewerSource {
  /** Blocks, from 0. */
  readonly count: number
  /** Whether a block stays as it is; it does when left out. */
  isFinal?(index: number): boolean
  /** No line is wider than the look. */
  lines(index: number, look: Look, isExpanded: boolean): readonly Line[]
  /** All of it as it would be copied. */
  textOf(index: number): string
  /** Whether an empty row stands between it and the next; it does when left out. */
  hasGapAfter?(index: number): boolean
  isPrompt?(index: number): boolean
  isExpandable?(index: number): boolean
  /** Links and paths that it names, in order. */
  linksOf?(index: number): readonly string[]
}

/** A row of the transcript: of which block, and which of its rows. The row after a block's last is the empty one between two. */
export interface Place {
  readonly index: number
  readonly row: number
}

/**
 * Lines of blocks as they were last drawn: a bounded number of them, so that reading all of a long transcript keeps little, and
 * of what goes on for one drawing.
 */
export class Layout {
  readonly source: ViewerSource
  #look: Look | undefined
  readonly #kept = new Map<string, readonly Line[]>()
  readonly #open = new Map<string, readonly Line[]>()

  constructor(source: ViewerSource) {
    this.source = source
  }

  /** What is drawn from now on. Undefined before the first time: nothing can be measured then. */
  get look(): Look | undefined {
    return this.#look
  }

  /** Before each drawing. */
  setLook(look: Look): void {
    this.#open.clear()
    const before = this.#look
    const isOther = before?.columns !== look.columns || before.theme !== look.theme
    if (isOther || before.pictures?.rowsMax !== look.pictures?.rowsMax) this.#kept.clear()
    this.#look = look
  }

  lines(index: number, isExpanded: boolean): readonly Line[] {
    if (this.#look === undefined || index < 0 || index >= this.source.count) return []
    const key = `${index}${isExpanded ? "+" : "-"}`
    const kept = this.#kept.get(key) ?? this.#open.get(key)
    if (kept !== undefined) return kept
    const lines = this.source.lines(index, this.#look, isExpanded)
    if (this.source.isFinal?.(index) === false) {
      this.#open.set(key, lines)
      return lines
    }
    const [oldest] = this.#kept.size >= KEPT_MAX ? this.#kept.keys() : []
    if (oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(key, lines)
    return lines
  }
}

const KEPT_MAX = 400
