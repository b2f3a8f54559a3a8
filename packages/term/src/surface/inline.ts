import { isSameLine, type Row, rowOf } from "../cells/row.ts"
import { wrap } from "../cells/wrap.ts"
import type { Caret, Frame, Size, Surface, WriteMetrics } from "../frame.ts"
import type { Line } from "../line.ts"
import { apply } from "../paint/apply.ts"
import { Pen, up } from "../paint/pen.ts"
import { planDiff } from "../paint/plan.ts"
import type { Ability } from "./ability.ts"
import { fit } from "./fit.ts"
import { framed } from "./framed.ts"
import { type Bounds, NO_STRAYS, reflowed, type Strays } from "./reflow.ts"

/** What is drawn on below the shell's prompt. */
export interface InlineOptions extends Partial<Ability> {
  /** All bytes of one commit, at once. */
  write(bytes: string): void
  readonly size: Size
  /**
   * With the first `draw` after a resize, ask the terminal where its cursor is (CSI 6 n) and paint when `settled` brings the
   * answer. Knows what is in the scrollback and what came back from it; without it the surface has to assume.
   */
  readonly asksCursor?: boolean | undefined
}

/** Lines that stay above, and live ones below them that are drawn anew. */
export interface InlineSurface extends Surface {
  /** What has become known of the terminal. The next `draw` is whole if colors changed. */
  adapt(ability: Partial<Ability>): void
  /** It waits for the answer to its question for the cursor, with the newest frame in hand. */
  readonly isAsking: boolean
  /** The answer to the surface's question for the cursor; without a place: none came in time, paint all the same. */
  settled(cursor?: Caret): void
}

/**
 * Draws below the shell's prompt: finished lines go into the terminal's own scrollback, live ones are painted over in place.
 * Touches no row above the live ones, clears no screen and sets no scroll region, so history stays as it was written.
 *
 * What cannot be known: on a resize the terminal wraps and scrolls by itself, before anyone is asked. Rows of the live region
 * that this pushes into the scrollback stay there, unless the screen grows back before more is finished. A terminal that
 * does not do what `reflow` says leaves rows of the old frame, or loses a row of history. So does tmux 3.3, which may put its
 * cursor a row too high where it joins rows of wide characters; its answer to `asksCursor` gives that away in most cases.
 * Between a resize and the word of it frames have the old width: finished lines are wrapped by the terminal, live ones cut.
 */
export function inlineSurface(options: InlineOptions): InlineSurface {
  return new Inline(options)
}

const ERASE = "\r\u001b[J"
/** Leaves the old frame where it is, rather than take a line of history for one of its rows. */
const BELOW_EVERYTHING = "\u001b[9999B\r\n"

interface Painted {
  readonly line: Line
  readonly row: Row
}

class Inline implements InlineSurface {
  readonly metrics: WriteMetrics
  readonly #counts = { frames: 0, fullFrames: 0, bytes: 0, emptyFrames: 0, cells: 0 }
  readonly #options: InlineOptions
  #ability: Ability
  #size: Size
  #finished: Line[] = []
  #frame: Frame = { lines: [] }
  #live: readonly Painted[] = []
  /** Of the terminal, from the first live row. A column is unknown right of the last cell. */
  #cursor: { readonly row: number; readonly column: number | undefined } = { row: 0, column: undefined }
  #reached = 0
  #top: Bounds
  #strays: Strays = NO_STRAYS
  #isOpen = false
  #isCursorHidden = false
  /** The size that the live rows were painted at, while they still are as the terminal left them. */
  #staleFrom: Size | undefined
  #needsRepaint = false
  /** The size changed and the terminal was not asked since. */
  #needsAnswer = false
  #questions = 0
  #reply: Caret | undefined

  constructor(options: InlineOptions) {
    this.#options = options
    this.#size = options.size
    this.#top = { min: 0, max: options.size.rows - 1 }
    const { colorDepth = "true", isSynchronized = true, reflow = "all-but-cursor" } = options
    this.#ability = { colorDepth, isSynchronized, reflow }
    this.metrics = this.#counts
  }

  finish(lines: readonly Line[]): void {
    for (const line of lines) this.#finished.push(line)
  }

  draw(frame: Frame): void {
    this.#frame = frame
    if (this.#needsAnswer) this.#ask()
    if (this.#questions === 0) this.#commit()
  }

  resize(size: Size): void {
    if (this.#isOpen) {
      this.#staleFrom ??= this.#size
      this.#needsAnswer = this.#options.asksCursor === true
    } else this.#top = { min: 0, max: size.rows - 1 }
    this.#size = size
  }

  adapt(ability: Partial<Ability>): void {
    this.#needsRepaint ||= ability.colorDepth !== undefined && ability.colorDepth !== this.#ability.colorDepth
    this.#ability = { ...this.#ability, ...ability }
  }

  settled(cursor?: Caret): void {
    if (this.#questions === 0) return
    this.#questions = cursor === undefined ? 0 : this.#questions - 1
    this.#reply = cursor
    // After another resize the next frame asks again.
    if (this.#questions === 0 && !this.#needsAnswer) this.#commit()
  }

  get isAsking(): boolean {
    return this.#questions > 0
  }

  say(sequence: string): void {
    this.#write(sequence)
  }

  close(): void {
    if (this.#finished.length > 0 || this.#questions > 0) {
      this.#questions = 0
      this.#commit()
    }
    if (!this.#isOpen) return
    const pen = this.#pen(this.#cursor.row, this.#cursor.column)
    const isBlank = this.#live.every(({ row }) => row.length === 0)
    pen.moveTo(isBlank ? 0 : this.#live.length, 0)
    this.#write(pen.bytes + (this.#isCursorHidden ? "\u001b[?25h" : ""))
    this.#forget()
  }

  #ask(): void {
    this.#needsAnswer = false
    this.#questions++
    this.#write("\u001b[6n")
  }

  #commit(): void {
    const finished = this.#finished.flatMap((line) => wrap(line, this.#size.columns))
    this.#finished = []
    const shown = fit(this.#frame, this.#size)
    const start = this.#start()
    const isWhole = start !== undefined
    const before = isWhole ? [] : this.#live
    const after = this.#painted([...finished, ...shown.lines], before)
    const pen = isWhole ? this.#pen(0, 0) : this.#pen(this.#cursor.row, this.#cursor.column)
    apply(planDiff(rowsOf(before), rowsOf(after), this.#ability.reflow === "all"), pen, finished.length)
    pen.rest()
    if (pen.reached < after.length - 1) pen.moveTo(after.length - 1, 0)
    const isPainted = isWhole || pen.bytes !== ""
    if (shown.caret !== undefined) pen.moveTo(finished.length + shown.caret.row, shown.caret.column)
    this.#emit((start ?? "") + pen.bytes, isPainted, shown.caret !== undefined)
    this.#keep(pen, after, finished.length)
    this.#counts.fullFrames += isWhole ? 1 : 0
    this.#counts.cells += pen.cells
  }

  /** What has to be written before a whole frame; undefined if what is on the screen is known and can be built on. */
  #start(): string | undefined {
    if (!this.#isOpen) return ERASE
    if (this.#staleFrom === undefined && !this.#needsRepaint) return undefined
    const rows = this.#staleFrom === undefined ? this.#cursor.row : this.#reflow(this.#staleFrom)
    this.#reached = 0
    return rows === undefined ? BELOW_EVERYTHING : up(rows) + ERASE
  }

  /** Rows to go up to where the old frame begins. */
  #reflow(size: Size): number | undefined {
    const cursor = { row: this.#cursor.row, column: this.#cursor.column ?? size.columns - 1 }
    const painted = { size, live: rowsOf(this.#live), cursor, strays: this.#strays, top: this.#top }
    const now = reflowed(painted, this.#size, this.#ability.reflow, this.#reply)
    this.#strays = now.strays
    this.#top = now.up === undefined ? { min: this.#size.rows - 1, max: this.#size.rows - 1 } : now.top
    return now.up
  }

  #painted(lines: readonly Line[], before: readonly Painted[]): readonly Painted[] {
    return lines.map((line, index) => {
      const old = before[index]
      return old !== undefined && isSameLine(old.line, line) ? old : { line, row: rowOf(line, this.#size.columns) }
    })
  }

  #pen(row: number, column: number | undefined): Pen {
    const { colorDepth } = this.#ability
    return new Pen({ columns: this.#size.columns, colorDepth, isAbsolute: false, row, column, reached: this.#reached })
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

  /** What was painted, seen from the first row that is still live. */
  #keep(pen: Pen, after: readonly Painted[], finished: number): void {
    const lowest = this.#size.rows - 1 - pen.reached
    this.#top = { min: Math.min(this.#top.min, lowest) + finished, max: Math.min(this.#top.max, lowest) + finished }
    this.#live = after.slice(finished)
    this.#cursor = { row: (pen.row ?? 0) - finished, column: pen.column }
    this.#reached = pen.reached - finished
    // What is in the scrollback above finished lines is history by now.
    if (finished > 0) this.#strays = NO_STRAYS
    this.#isOpen = true
    this.#staleFrom = undefined
    this.#needsRepaint = false
    this.#reply = undefined
  }

  #forget(): void {
    this.#isOpen = false
    this.#isCursorHidden = false
    this.#live = []
    this.#frame = { lines: [] }
    this.#strays = NO_STRAYS
    this.#cursor = { row: 0, column: undefined }
    this.#reached = 0
    this.#top = { min: 0, max: this.#size.rows - 1 }
    this.#staleFrom = undefined
    this.#needsAnswer = false
  }

  #write(bytes: string): void {
    if (bytes === "") return
    this.#counts.bytes += Buffer.byteLength(bytes)
    this.#options.write(bytes)
  }
}

function rowsOf(painted: readonly Painted[]): readonly Row[] {
  return painted.map(({ row }) => row)
}
