import { type Row, rowOf } from "../cells/row.ts"
import type { Frame, Size, Surface, WriteMetrics } from "../frame.ts"
import { apply } from "../paint/apply.ts"
import { Pen } from "../paint/pen.ts"
import { planDiff, planFull } from "../paint/plan.ts"
import type { Ability } from "./ability.ts"
import { fit } from "./fit.ts"
import { framed } from "./framed.ts"

/** What the whole screen is drawn on. */
export interface FullOptions extends Partial<Ability> {
  /** All bytes of one commit, at once. */
  write(bytes: string): void
  readonly size: Size
}

/** A whole screen, while it is taken. */
export interface FullSurface extends Surface {
  /** What has become known of the terminal. The next `draw` is whole if colors changed. */
  adapt(ability: Partial<Ability>): void
}

/**
 * Draws on a whole screen, which is entered before the first frame and left after `close` by whoever holds the terminal
 * (`Modes.screen`). Frames begin at the top left. `finish` shows nothing: who draws on a whole screen draws its history too.
 */
export function fullSurface(options: FullOptions): FullSurface {
  return new Full(options)
}

class Full implements FullSurface {
  readonly metrics: WriteMetrics
  readonly #counts = { frames: 0, fullFrames: 0, bytes: 0, emptyFrames: 0, cells: 0 }
  readonly #options: FullOptions
  #ability: Pick<Ability, "colorDepth" | "isSynchronized">
  #size: Size
  #rows: readonly Row[] = []
  #cursor: { readonly row: number | undefined; readonly column: number | undefined } = NOWHERE
  #isOpen = false
  #isCursorHidden = false
  #needsRepaint = true

  constructor(options: FullOptions) {
    this.#options = options
    this.#size = options.size
    const { colorDepth = "true", isSynchronized = true } = options
    this.#ability = { colorDepth, isSynchronized }
    this.metrics = this.#counts
  }

  finish(): void {
    // Nothing: see `fullSurface`.
  }

  draw(frame: Frame): void {
    const { lines, caret } = fit(frame, this.#size)
    const rows = lines.map((line) => rowOf(line, this.#size.columns))
    const isWhole = this.#needsRepaint
    const pen = this.#pen()
    apply(isWhole ? this.#planWhole(rows) : planDiff(this.#rows, rows), pen)
    pen.rest()
    const isPainted = isWhole || pen.bytes !== ""
    if (caret !== undefined) pen.moveTo(caret.row, caret.column)
    this.#emit(pen.bytes, isPainted, caret !== undefined)
    this.#rows = rows
    this.#cursor = pen
    this.#isOpen = true
    this.#needsRepaint = false
    this.#counts.fullFrames += isWhole ? 1 : 0
    this.#counts.cells += pen.cells
  }

  resize(size: Size): void {
    this.#size = size
    this.#needsRepaint = true
    this.#cursor = NOWHERE
  }

  adapt({ colorDepth, isSynchronized }: Partial<Ability>): void {
    this.#needsRepaint ||= colorDepth !== undefined && colorDepth !== this.#ability.colorDepth
    this.#ability = {
      colorDepth: colorDepth ?? this.#ability.colorDepth,
      isSynchronized: isSynchronized ?? this.#ability.isSynchronized,
    }
  }

  say(sequence: string): void {
    this.#write(sequence)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#write(this.#isCursorHidden ? "\u001b[?25h" : "")
    this.#isOpen = false
    this.#isCursorHidden = false
    this.#needsRepaint = true
    this.#cursor = NOWHERE
  }

  /** Rows below the screen cannot be erased. */
  #planWhole(rows: readonly Row[]) {
    const plan = planFull(rows)
    return rows.length < this.#size.rows ? plan : { patches: plan.patches }
  }

  #pen(): Pen {
    const { colorDepth } = this.#ability
    const { columns, rows } = this.#size
    return new Pen({ columns, colorDepth, isAbsolute: true, ...place(this.#cursor), reached: rows - 1 })
  }

  #emit(body: string, isPainted: boolean, showsCursor: boolean): void {
    this.#counts.frames++
    const { isSynchronized } = this.#ability
    const facts = { isPainted, isCursorHidden: this.#isCursorHidden, showsCursor, isSynchronized }
    const bytes = framed(body, facts)
    this.#isCursorHidden = !showsCursor
    if (bytes === "") this.#counts.emptyFrames++
    this.#write(bytes)
  }

  #write(bytes: string): void {
    if (bytes === "") return
    this.#counts.bytes += Buffer.byteLength(bytes)
    this.#options.write(bytes)
  }
}

const NOWHERE = { row: undefined, column: undefined }

function place({ row, column }: { readonly row: number | undefined; readonly column: number | undefined }) {
  return { row, column }
}
