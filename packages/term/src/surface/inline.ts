import { isSameLine, type Row, rowOf } from "../cells/row.ts"
import { wrap } from "../cells/wrap.ts"
import type { Caret, Frame, Size, WriteMetrics } from "../frame.ts"
import type { Line } from "../line.ts"
import { apply } from "../paint/apply.ts"
import { Pen, up } from "../paint/pen.ts"
import { planDiff } from "../paint/plan.ts"
import type { Ability } from "./ability.ts"
import { fit } from "./fit.ts"
import { framed } from "./framed.ts"
import type { InlineOptions, InlineSurface } from "./inline-options.ts"
import { Inquiry } from "./inquiry.ts"
import { BELOW_EVERYTHING, ERASE, hasSameShape, historical, type Painted, rowsOf, type Start } from "./painted.ts"

/**
 * Draws below the shell's prompt: finished lines go into the terminal's own scrollback, live ones are painted over in place.
 * Touches no row above the live ones, clears no screen and sets no scroll region, so history stays as it was written.
 *
 * On a resize the terminal wraps and scrolls by itself, before anyone is asked, and a frame for the old size may still be under
 * way. So history is written whole, new rows are made by new lines, and while resizes come in rows each frame is followed by
 * the answers to `asksCursor` to where it really went (`Trail`): what it damaged is printed again, what it left behind is
 * erased as far as it is still on the screen, what left the screen is not printed twice, and finished lines wait while it is
 * not known how the ones before arrived.
 *
 * What cannot be known: where a frame went that met the first of a row of resizes, and sizes that the terminal had between two
 * answers. In doubt a row of the live region stays, rather than one of history goes; rows that were pushed into the
 * scrollback stay there unless the screen grows back before more is finished. On a screen of a row or two a line can so
 * stand twice. A terminal that does not do what `Trail` says leaves rows of the old frame, or loses a row of history.
 */
export function inlineSurface(options: InlineOptions): InlineSurface {
  return new Inline(options)
}

class Inline implements InlineSurface {
  readonly metrics: WriteMetrics
  readonly #counts = { frames: 0, fullFrames: 0, bytes: 0, emptyFrames: 0, cells: 0 }
  readonly #options: InlineOptions
  #ability: Ability
  #size: Size
  #finished: Line[] = []
  #frame: Frame = { lines: [] }
  /** The newest one that nothing was held back from. */
  #shown: Frame = { lines: [] }
  #live: readonly Painted[] = []
  /** Of the terminal, from the first live row. A column is unknown right of the last cell. */
  #cursor: { readonly row: number; readonly column: number | undefined } = { row: 0, column: undefined }
  #reached = 0
  readonly #inquiry: Inquiry
  #isOpen = false
  #isHidden = false
  #isCursorHidden = false
  #needsRepaint = false

  constructor(options: InlineOptions) {
    this.#options = options
    this.#size = options.size
    this.#inquiry = new Inquiry(options)
    const { colorDepth = "true", isSynchronized = true, reflow = "all-but-cursor" } = options
    this.#ability = { colorDepth, isSynchronized, reflow }
    this.metrics = this.#counts
  }

  finish(lines: readonly Line[]): void {
    for (const line of lines) this.#finished.push(line)
  }

  draw(frame: Frame): void {
    this.#frame = frame
    this.#isHidden = false
    this.#advance()
  }

  hide(): void {
    this.#isHidden = true
  }

  resize(size: Size): void {
    this.#size = size
    if (this.#isOpen) this.#inquiry.resized(size)
    else this.#inquiry.forget(size)
  }

  adapt(ability: Partial<Ability>): void {
    this.#needsRepaint ||= ability.colorDepth !== undefined && ability.colorDepth !== this.#ability.colorDepth
    this.#ability = { ...this.#ability, ...ability }
    this.#inquiry.met()
  }

  settled(cursor?: Caret): void {
    if (cursor === undefined) {
      if (!this.isAsking) return
      this.#inquiry.giveUp()
      if (!this.#isHidden) this.#commit()
      return
    }
    const isAnswered = this.#inquiry.heard(cursor, this.#size, this.#ability.reflow)
    if (this.#isHidden) return
    if (isAnswered) this.#advance()
    else if (this.#finished.length > 0 && this.#inquiry.isSettled) this.#commit()
  }

  expire(): void {
    this.#inquiry.expire()
  }

  get isAsking(): boolean {
    return this.#inquiry.isAsking || (this.#finished.length > 0 && this.#inquiry.isUnsure)
  }

  get answersDue(): number {
    return this.#inquiry.answersDue
  }

  say(sequence: string): void {
    this.#write(sequence)
  }

  close(): void {
    // Twice: a frame that mends holds back what is finished.
    for (let times = 0; times < 2 && (this.#finished.length > 0 || this.#inquiry.isAsking); times++) {
      this.#inquiry.giveUp()
      this.#commit()
    }
    if (!this.#isOpen) return
    const pen = this.#pen(this.#cursor.row, this.#cursor.column)
    const isBlank = this.#live.every(({ row }) => row.length === 0)
    pen.moveTo(isBlank ? 0 : this.#live.length, 0)
    this.#write(pen.bytes + (this.#isCursorHidden ? "\u001b[?25h" : ""))
    this.#forget()
  }

  #advance(): void {
    if (this.#isOpen) this.#write(this.#inquiry.question())
    if (!this.#inquiry.isAsking) this.#commit()
  }

  #commit(): void {
    const start = this.#start()
    const holds = start?.isRepair === true ? this.#inquiry.asks : this.#inquiry.isUnsure
    const finished = [...(start?.again ?? []), ...(holds ? [] : this.#unprinted(start === undefined))]
    // What is live would stand above what comes before it.
    if (!holds || this.#finished.length === 0) this.#shown = this.#frame
    const shown = fit(this.#shown, this.#size)
    const known = start === undefined ? this.#live : []
    const after = [...finished, ...this.#painted(shown.lines, finished.length, known)]
    const isMoving = start !== undefined || finished.length > 0 || !hasSameShape(known, after, this.#cursor.row)
    const probe = this.#inquiry.probe(isMoving)
    // What meets another size is to leave nothing between its rows that was there before.
    const begin = start ?? (probe === "" ? undefined : this.#anew())
    const up = begin?.up ?? this.#cursor.row
    const pen = begin === undefined ? this.#pen(this.#cursor.row, this.#cursor.column) : this.#pen(0, 0)
    // History is written whole: half of it may be on a row above, where the terminal has another size than it told.
    const before = rowsOf(begin === undefined ? known : [])
    apply(planDiff(before, rowsOf(after), this.#ability.reflow === "all", finished.length), pen, finished.length)
    pen.rest()
    if (pen.reached < after.length - 1) pen.moveTo(after.length - 1, 0)
    const isPainted = begin !== undefined || pen.bytes !== ""
    if (shown.caret !== undefined) pen.moveTo(finished.length + shown.caret.row, shown.caret.column)
    // Behind text that fills its row, terminals differ in where the cursor is.
    else if (pen.column === undefined && pen.row !== undefined) pen.moveTo(pen.row, 0)
    this.#emit(probe + (begin?.bytes ?? "") + pen.bytes, isPainted, shown.caret !== undefined)
    this.#keep(pen, after, finished.length)
    if (isPainted || pen.bytes !== "") this.#sent(up, rowsOf(finished), start?.isRepair === true, probe !== "")
    this.#counts.fullFrames += start === undefined ? 0 : 1
    this.#counts.cells += pen.cells
  }

  #sent(up: number, finished: readonly Row[], isRepair: boolean, isProbed: boolean): void {
    const { row, column = this.#size.columns - 1 } = this.#cursor
    this.#inquiry.sent({ up, finished, live: rowsOf(this.#live), cursor: { row, column }, isRepair }, isProbed)
  }

  /** What is finished as rows. The first of them may be in the scrollback already. */
  #unprinted(isSettled: boolean): readonly Painted[] {
    const lines = this.#finished.flatMap((line) => wrap(line, this.#size.columns))
    this.#finished = []
    const rows = lines.map((line) => rowOf(line, this.#size.columns))
    return (isSettled ? this.#inquiry.missing(rows) : rows).map(historical)
  }

  /** How a whole frame begins; undefined if what is on the screen is known and can be built on. */
  #start(): Start | undefined {
    if (!this.#isOpen) return { bytes: ERASE, up: 0, again: [], isRepair: false }
    const { isStale } = this.#inquiry
    if (!isStale && !this.#needsRepaint) return undefined
    this.#reached = 0
    if (!isStale) return this.#anew()
    const mended = this.#inquiry.mend(this.#cursor.row, this.#size, this.#ability.reflow)
    const bytes = mended.up === undefined ? BELOW_EVERYTHING : up(mended.up) + ERASE
    return { bytes, up: mended.up ?? 0, again: mended.again.map(historical), isRepair: true }
  }

  #anew(): Start {
    const { row } = this.#cursor
    return { bytes: up(row) + ERASE, up: row, again: [], isRepair: false }
  }

  #painted(lines: readonly Line[], first: number, before: readonly Painted[]): readonly Painted[] {
    return lines.map((line, index) => {
      const old = before[first + index]
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
    this.#live = after.slice(finished)
    this.#cursor = { row: (pen.row ?? 0) - finished, column: pen.column }
    this.#reached = pen.reached - finished
    this.#isOpen = true
    this.#needsRepaint = false
  }

  #forget(): void {
    this.#isOpen = false
    this.#isCursorHidden = false
    this.#live = []
    this.#frame = { lines: [] }
    this.#shown = this.#frame
    this.#cursor = { row: 0, column: undefined }
    this.#reached = 0
    this.#inquiry.forget(this.#size)
  }

  #write(bytes: string): void {
    if (bytes === "") return
    this.#counts.bytes += Buffer.byteLength(bytes)
    this.#options.write(bytes)
  }
}
