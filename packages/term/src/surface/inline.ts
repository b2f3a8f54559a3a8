import { isSameLine, type Row, rowOf } from "../cells/row.ts"
import { wrap } from "../cells/wrap.ts"
import type { Caret, Frame, Size, WriteMetrics } from "../frame.ts"
import type { Line } from "../line.ts"
import { apply } from "../paint/apply.ts"
import { Pen, up } from "../paint/pen.ts"
import { planDiff } from "../paint/plan.ts"
import type { Ability } from "./ability.ts"
import { Answers, type Heard, PROBE, PROBE_ANSWERS } from "./answers.ts"
import { fit } from "./fit.ts"
import { framed } from "./framed.ts"
import type { InlineOptions, InlineSurface } from "./inline-options.ts"
import { BELOW_EVERYTHING, ERASE, hasSameShape, type Painted, rowsOf, type Start } from "./painted.ts"
import { pieces } from "./reflow.ts"
import { type Stroke, Trail } from "./trail.ts"

/**
 * Draws below the shell's prompt: finished lines go into the terminal's own scrollback, live ones are painted over in place.
 * Touches no row above the live ones, clears no screen and sets no scroll region, so history stays as it was written.
 *
 * On a resize the terminal wraps and scrolls by itself, before anyone is asked, and frames for the old size may still be
 * under way. By the answers to `asksCursor` each frame is followed to where it really went (`Trail`): what it damaged is
 * printed again, what it left behind is erased as far as it is still on the screen, and finished lines wait while it is not
 * known how the one before arrived.
 *
 * What cannot be known: sizes that the terminal had between two answers. In doubt a row of the live region stays, rather than
 * one of history goes; rows that were pushed into the scrollback stay there unless the screen grows back before more is
 * finished. A terminal that does not do what `Trail` says leaves rows of the old frame, or loses a row of history: tmux 3.3
 * has been seen to, about once in two hundred resizes while an answer comes.
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
  /** What the terminal has, by its own word where it was asked. */
  #seen: Size
  #finished: Line[] = []
  #frame: Frame = { lines: [] }
  #live: readonly Painted[] = []
  /** Of the terminal, from the first live row. A column is unknown right of the last cell. */
  #cursor: { readonly row: number; readonly column: number | undefined } = { row: 0, column: undefined }
  #reached = 0
  #trail: Trail
  #answers: Answers
  #isOpen = false
  #isCursorHidden = false
  /** The live rows are as the terminal left them after a resize. */
  #isStale = false
  #needsRepaint = false
  /** The size changed and the terminal was not asked since. */
  #needsAnswer = false
  /** The terminal has never answered: it is asked no more. */
  #isUnheard = false
  #isAsking = false
  #asked = 0
  /** Frames that are still asked about after a resize. */
  #wary = 0
  /** The first of a row of resizes came upon a frame that nobody asks about: where that one went is not known. */
  #isDoubtful = false
  #reply: Heard | undefined

  constructor(options: InlineOptions) {
    this.#options = options
    this.#size = options.size
    this.#seen = options.size
    this.#trail = new Trail(options.size)
    this.#answers = new Answers(this.#trail)
    const { colorDepth = "true", isSynchronized = true, reflow = "all-but-cursor" } = options
    this.#ability = { colorDepth, isSynchronized, reflow }
    this.metrics = this.#counts
  }

  finish(lines: readonly Line[]): void {
    for (const line of lines) this.#finished.push(line)
  }

  draw(frame: Frame): void {
    this.#frame = frame
    this.#advance()
  }

  resize(size: Size): void {
    this.#size = size
    if (!this.#isOpen) {
      this.#seen = size
      return
    }
    this.#isDoubtful ||= this.#wary === 0 && this.#asks && this.#options.isUnderWay?.() === true
    this.#wary = WARY_FRAMES
    this.#isStale = true
    this.#answers.resized(size)
    this.#needsAnswer = this.#asks
    this.#asked = 0
  }

  adapt(ability: Partial<Ability>): void {
    this.#needsRepaint ||= ability.colorDepth !== undefined && ability.colorDepth !== this.#ability.colorDepth
    this.#ability = { ...this.#ability, ...ability }
  }

  settled(cursor?: Caret): void {
    if (cursor === undefined) {
      if (!this.isAsking) return
      this.#isAsking = false
      this.#isUnheard = !this.#answers.hasAny
      this.#answers.giveUp()
      return this.#commit()
    }
    this.#isUnheard = false
    const heard = this.#answers.heard(cursor, this.#ability.reflow)
    if (this.#trail.isBroken && !this.#isStale && this.#isOpen) {
      this.#isStale = true
      this.#needsAnswer = true
      this.#asked = 0
    }
    if (!this.#isAsking && !this.#needsAnswer && !this.#answers.isUnsure && this.#finished.length > 0)
      return this.#commit()
    if (heard === undefined || !this.#isAsking) return
    this.#isAsking = false
    this.#seen = heard.size
    this.#reply = heard
    // The word of another size is under way: from whom it comes first is not known.
    const isSame = heard.size.columns === this.#size.columns && heard.size.rows === this.#size.rows
    this.#needsAnswer ||= !isSame && this.#asked < ASKED_MAX
    this.#advance()
  }

  get isAsking(): boolean {
    return this.#isAsking || (this.#finished.length > 0 && this.#answers.isUnsure)
  }

  get answersDue(): number {
    return this.#answers.count
  }

  say(sequence: string): void {
    this.#write(sequence)
  }

  close(): void {
    // Twice: a frame that mends holds back what is finished.
    for (let times = 0; times < 2 && (this.#finished.length > 0 || this.#isAsking); times++) {
      this.#isAsking = false
      this.#answers.giveUp()
      this.#commit()
    }
    if (!this.#isOpen) return
    const pen = this.#pen(this.#cursor.row, this.#cursor.column)
    const isBlank = this.#live.every(({ row }) => row.length === 0)
    pen.moveTo(isBlank ? 0 : this.#live.length, 0)
    this.#write(pen.bytes + (this.#isCursorHidden ? "\u001b[?25h" : ""))
    this.#forget()
  }

  get #asks(): boolean {
    return this.#options.asksCursor === true && !this.#isUnheard
  }

  #advance(): void {
    if (this.#needsAnswer && this.#isOpen && this.#asks) this.#ask()
    if (!this.#isAsking) this.#commit()
  }

  #ask(): void {
    this.#needsAnswer = false
    this.#isAsking = true
    this.#asked++
    this.#answers.sent({ stroke: undefined, isProbed: true })
    this.#options.asks?.(PROBE_ANSWERS)
    this.#write(PROBE)
  }

  #commit(): void {
    const start = this.#start()
    const isAsked = this.#asks
    const holds = start?.isRepair === true ? isAsked : this.#answers.isUnsure
    const finished = [...(start?.again ?? []), ...(holds ? [] : this.#unprinted(start === undefined))]
    const shown = fit(this.#frame, this.#size)
    const known = start === undefined ? this.#live : []
    const after = [...finished, ...this.#painted(shown.lines, finished.length, known)]
    const isMoving = start !== undefined || finished.length > 0 || !hasSameShape(known, after, this.#cursor.row)
    const isProbed = isMoving && isAsked && this.#wary > 0
    if (isProbed) this.#wary--
    // What meets another size is to leave nothing between its rows that was there before.
    const begin = start ?? (isProbed ? this.#anew() : undefined)
    const isWhole = begin !== undefined
    const before = isWhole ? [] : known
    const pen = isWhole ? this.#pen(0, 0) : this.#pen(this.#cursor.row, this.#cursor.column)
    // History is written whole: half of it may be on a row above, where the terminal has another size than it told.
    const plan = planDiff(rowsOf(before), rowsOf(after), this.#ability.reflow === "all", finished.length)
    apply(plan, pen, finished.length)
    pen.rest()
    if (pen.reached < after.length - 1) pen.moveTo(after.length - 1, 0)
    const isPainted = isWhole || pen.bytes !== ""
    if (shown.caret !== undefined) pen.moveTo(finished.length + shown.caret.row, shown.caret.column)
    const risen = begin?.up ?? this.#cursor.row
    this.#emit((isProbed ? PROBE : "") + (begin?.bytes ?? "") + pen.bytes, isPainted, shown.caret !== undefined)
    this.#keep(pen, after, finished.length)
    const { row } = this.#cursor
    const column = this.#cursor.column ?? this.#size.columns - 1
    const stroke: Stroke = {
      ...{ size: this.#seen, up: risen, isRepair: start?.isRepair === true, cursor: { row, column } },
      finished: finished.map((painted) => painted.row),
      live: rowsOf(this.#live),
    }
    if (isPainted || isProbed || pen.bytes !== "") this.#answers.sent({ stroke, isProbed })
    if (isProbed) this.#options.asks?.(PROBE_ANSWERS)
    this.#counts.fullFrames += start === undefined ? 0 : 1
    this.#counts.cells += pen.cells
  }

  /** What is finished as rows. The first of them may be in the scrollback already. */
  #unprinted(isSettled: boolean): readonly Painted[] {
    const lines = this.#finished.flatMap((line) => wrap(line, this.#size.columns))
    this.#finished = []
    const rows = this.#painted(lines, 0, [])
    return rows.slice(isSettled && rows.length > 0 ? this.#trail.adopt(rowsOf(rows)) : 0)
  }

  /** How a whole frame begins; undefined if what is on the screen is known and can be built on. */
  #start(): Start | undefined {
    if (!this.#isOpen) return { bytes: ERASE, up: 0, again: [], isRepair: false }
    if (!this.#isStale && !this.#needsRepaint) return undefined
    this.#reached = 0
    return this.#isStale ? this.#mended() : this.#anew()
  }

  #anew(): Start {
    const { row } = this.#cursor
    return { bytes: up(row) + ERASE, up: row, again: [], isRepair: false }
  }

  #mended(): Start {
    const heard = this.#reply
    if (heard === undefined) {
      this.#answers.giveUp()
      this.#seen = this.#size
    }
    const isThere = heard?.isKnown ?? this.#trail.meet(this.#size, this.#ability.reflow, undefined)
    if (this.#isDoubtful || (heard === undefined && this.#options.isUnderWay?.() === true)) return this.#unsure(heard)
    // A terminal that answers, and has not this time, may be anywhere.
    const isKnown = isThere && (heard !== undefined || !this.#answers.hasAny)
    const lines = isKnown ? this.#trail.mend(heard?.cursor) : { up: 0, again: this.#trail.leave() }
    const again = this.#rewrapped(lines.again)
    return { bytes: isKnown ? up(lines.up) + ERASE : BELOW_EVERYTHING, up: lines.up, again, isRepair: true }
  }

  /** So far up as the live rows are certain to go: wrapped, they may be more, and the rest of them stays. */
  #unsure(heard: Heard | undefined): Start {
    const again = this.#rewrapped(this.#trail.doubt(heard?.cursor))
    const rows = Math.min(this.#cursor.row, heard?.cursor.row ?? this.#size.rows - 1)
    return { bytes: up(rows) + ERASE, up: rows, again, isRepair: true }
  }

  #rewrapped(rows: readonly Row[]): readonly Painted[] {
    return rows.flatMap((row) => pieces(row, this.#size.columns)).map((row) => ({ line: [], row }))
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
    this.#isStale = false
    this.#isDoubtful = false
    this.#needsRepaint = false
    this.#reply = undefined
  }

  #forget(): void {
    this.#isOpen = false
    this.#isCursorHidden = false
    this.#live = []
    this.#frame = { lines: [] }
    this.#cursor = { row: 0, column: undefined }
    this.#reached = 0
    this.#answers.giveUp()
    this.#trail.forget(this.#size)
    this.#seen = this.#size
    this.#isStale = false
    this.#isDoubtful = false
    this.#wary = 0
    this.#needsAnswer = false
    this.#reply = undefined
  }

  #write(bytes: string): void {
    if (bytes === "") return
    this.#counts.bytes += Buffer.byteLength(bytes)
    this.#options.write(bytes)
  }
}

/** So often the terminal is asked again whose answer has not the size that the system tells. */
const ASKED_MAX = 3
/** About a second of an answer that streams. */
const WARY_FRAMES = 24
