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
import { Answers, type Heard, PROBE, PROBE_ANSWERS } from "./answers.ts"
import { pieces } from "./reflow.ts"
import { type Stroke, Trail } from "./trail.ts"

export interface InlineOptions extends Partial<Ability> {
  /** All bytes of one commit, at once. */
  write(bytes: string): void
  readonly size: Size
  /**
   * With the first `draw` after a resize, ask the terminal where its cursor is (CSI 6 n) and paint when `settled` brings the
   * answers; and ask with each frame that moves something, to learn whether the terminal had another size when it came there.
   * Looked at each time: false while nobody listens. Without it the surface has to assume.
   */
  readonly asksCursor?: boolean | undefined
  /** So many answers are to be expected from what is written now. */
  asks?(answers: number): void
}

export interface InlineSurface extends Surface {
  /** What has become known of the terminal. The next `draw` is whole if colors changed. */
  adapt(ability: Partial<Ability>): void
  /** It waits for the answer to its question for the cursor, with the newest frame in hand. */
  readonly isAsking: boolean
  /** Answers that are still to come, whether they are waited for or not. */
  readonly answersDue: number
  /** The next answer to the surface's questions for the cursor; without a place: none came in time, paint all the same. */
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
    const heard = this.#answers.heard(cursor, this.#ability.reflow)
    if (this.#trail.isBroken && !this.#isStale && this.#isOpen) {
      this.#isStale = true
      this.#needsAnswer = true
      this.#asked = 0
    }
    if (!this.#isAsking && !this.#needsAnswer && !this.#answers.isUnsure && this.#finished.length > 0) return this.#commit()
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
    if (this.#finished.length > 0 || this.#isAsking) {
      this.#isAsking = false
      this.#answers.giveUp()
      this.#commit()
    }
    if (this.#finished.length > 0) {
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
    if (this.#needsAnswer && this.#isOpen) this.#ask()
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
    const finished = [...(start?.again ?? []), ...(holds ? [] : this.#wrapped())]
    const shown = fit(this.#frame, this.#size)
    const known = start === undefined ? this.#live : []
    const after = [...finished, ...this.#painted(shown.lines, finished.length, known)]
    const isMoving = start !== undefined || finished.length > 0 || !hasSameShape(known, after, this.#cursor.row)
    const isProbed = isMoving && isAsked
    // What meets another size is to leave nothing between its rows that was there before.
    const begin = start ?? (isProbed ? this.#anew() : undefined)
    const isWhole = begin !== undefined
    const before = isWhole ? [] : known
    const pen = isWhole ? this.#pen(0, 0) : this.#pen(this.#cursor.row, this.#cursor.column)
    const plan = planDiff(rowsOf(before), rowsOf(after), this.#ability.reflow === "all")
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

  #wrapped(): readonly Painted[] {
    const rows = this.#finished.flatMap((line) => wrap(line, this.#size.columns))
    this.#finished = []
    return this.#painted(rows, 0, [])
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
    // A terminal that answers, and has not this time, may be anywhere.
    const isKnown = isThere && (heard !== undefined || !this.#answers.hasAny)
    const lines = isKnown ? this.#trail.mend(heard?.cursor) : { up: 0, again: this.#trail.leave() }
    const again = lines.again.flatMap((row) => pieces(row, this.#size.columns)).map((row) => ({ line: [], row }))
    return { bytes: isKnown ? up(lines.up) + ERASE : BELOW_EVERYTHING, up: lines.up, again, isRepair: true }
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
    this.#needsAnswer = false
    this.#reply = undefined
  }

  #write(bytes: string): void {
    if (bytes === "") return
    this.#counts.bytes += Buffer.byteLength(bytes)
    this.#options.write(bytes)
  }
}

interface Start {
  readonly bytes: string
  readonly up: number
  readonly again: readonly Painted[]
  readonly isRepair: boolean
}

/** So often the terminal is asked again whose answer has not the size that the system tells. */
const ASKED_MAX = 3

function rowsOf(painted: readonly Painted[]): readonly Row[] {
  return painted.map(({ row }) => row)
}

/** Whether a resize does the same to both, wherever the cursor is on its row. */
function hasSameShape(before: readonly Painted[], after: readonly Painted[], cursor: number): boolean {
  if (before.length !== after.length) return false
  return after.every(({ row }, at) => at === cursor || row.length === before[at]?.row.length)
}
