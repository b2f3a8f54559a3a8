import type { Row } from "../cells/row.ts"
import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"
import { Answers, type Heard, PROBE, PROBE_ANSWERS } from "./answers.ts"
import type { InlineOptions } from "./inline-options.ts"
import { pieces } from "./reflow.ts"
import { type Stroke, Trail } from "./trail.ts"

type InquiryOptions = Pick<InlineOptions, "size" | "asksCursor" | "asks" | "isUnderWay">

/** How a frame begins that mends what a resize has left. */
export interface Mended {
  /** Rows to go up. Undefined: where the cursor is, is not known. */
  readonly up: number | undefined
  /** Rows of history to be printed again. */
  readonly again: readonly Row[]
}

/** So often the terminal is asked again whose answer has not the size that the system tells. */
const ASKED_MAX = 3
/** About a second of an answer that streams. */
const WARY_FRAMES = 24

/**
 * What the terminal is asked after a resize, and what is known by its answers: where its cursor and its rows are, and whether a
 * frame met the size that it was made for. While resizes come in rows each frame that moves something is asked about; the rest
 * of the time none is.
 */
export class Inquiry {
  readonly #options: InquiryOptions
  readonly #trail: Trail
  readonly #answers: Answers
  /** What the terminal has, by its own word where it was asked. */
  #seen: Size
  #isStale = false
  /** The size changed and the terminal was not asked since. */
  #needsAnswer = false
  #isAsking = false
  /** The terminal did not answer: it is asked no more, until it does. */
  #isUnheard = false
  #asked = 0
  #hasMet = false
  /** It is known where on the screen the live rows are. */
  #isPlaced = false
  /** Frames that are still asked about. */
  #wary = 0
  /** The first of a row of resizes came upon a frame that nobody asks about: where that one went is not known. */
  #isDoubtful = false
  #reply: Heard | undefined

  constructor(options: InquiryOptions) {
    this.#options = options
    this.#seen = options.size
    this.#trail = new Trail(options.size)
    this.#answers = new Answers(this.#trail)
  }

  /** The live rows are as the terminal left them after a resize, or after a frame that met another size than its own. */
  get isStale(): boolean {
    return this.#isStale
  }

  /** Frames wait for the answer. */
  get isAsking(): boolean {
    return this.#isAsking
  }

  /** It is not known how a frame that leaves history has arrived: the next such one waits. */
  get isUnsure(): boolean {
    return this.#answers.isUnsure
  }

  /** Nothing is waited for. */
  get isSettled(): boolean {
    return !this.#isAsking && !this.#needsAnswer && !this.#answers.isUnsure
  }

  /** Answers that are still to come, whether they are waited for or not. */
  get answersDue(): number {
    return this.#answers.count
  }

  /** The terminal can be asked. */
  get asks(): boolean {
    return this.#options.asksCursor === true && !this.#isUnheard
  }

  resized(size: Size): void {
    this.#isDoubtful ||= this.#wary === 0 && this.asks && this.#options.isUnderWay?.() === true
    this.#wary = WARY_FRAMES
    this.#isStale = true
    this.#answers.resized(size)
    this.#needsAnswer = this.asks
    this.#asked = 0
  }

  /** The question that is to be written before the next frame, if there is one. */
  question(): string {
    if (!this.#needsAnswer || !this.asks) return ""
    this.#needsAnswer = false
    this.#isAsking = true
    this.#asked++
    this.#answers.sent({ stroke: undefined, isProbed: true })
    this.#options.asks?.(PROBE_ANSWERS)
    return PROBE
  }

  /** The terminal is one that answers. */
  met(): void {
    this.#hasMet = true
  }

  /** What a frame begins with: the first one that can be asked about, and after a resize those that move something. */
  probe(isMoving: boolean): string {
    if (!this.asks) return ""
    const isFirst = this.#hasMet && !this.#isPlaced
    if (!isFirst && (!isMoving || this.#wary === 0)) return ""
    this.#isPlaced = true
    this.#wary = Math.max(0, this.#wary - 1)
    return PROBE
  }

  /** A frame is on its way, with such a probe or without. */
  sent(stroke: Omit<Stroke, "size">, isProbed: boolean): void {
    this.#isStale = false
    this.#isDoubtful = false
    this.#reply = undefined
    this.#answers.sent({ stroke: { ...stroke, size: this.#seen }, isProbed })
    if (isProbed) this.#options.asks?.(PROBE_ANSWERS)
  }

  /** An answer. True: it was the one that frames wait for. */
  heard(cursor: Caret, size: Size, reflow: Reflow): boolean {
    this.#isUnheard = false
    const heard = this.#answers.heard(cursor, reflow)
    if (this.#trail.isBroken && !this.#isStale) {
      this.#isStale = true
      this.#needsAnswer = true
      this.#asked = 0
    }
    if (heard === undefined || !this.#isAsking) return false
    this.#isAsking = false
    this.#seen = heard.size
    this.#reply = heard
    // The word of another size is under way: from whom it comes first is not known.
    const isSame = heard.size.columns === size.columns && heard.size.rows === size.rows
    this.#needsAnswer ||= !isSame && this.#asked < ASKED_MAX
    return true
  }

  /** No answer came in time: all is taken for arrived. */
  giveUp(): void {
    this.#isAsking = false
    this.#isUnheard = !this.#answers.hasAny
    this.#answers.giveUp()
  }

  /** What is still due will not come. */
  expire(): void {
    this.#answers.expire()
  }

  /** How to begin the frame after a resize, with the cursor at so many rows below the first live one. */
  mend(row: number, size: Size, reflow: Reflow): Mended {
    const heard = this.#reply
    if (heard === undefined) {
      this.#answers.giveUp()
      this.#seen = size
    }
    const isThere = heard?.isKnown ?? this.#trail.meet(size, reflow, undefined)
    const isUnderWay = heard === undefined && this.#options.isUnderWay?.() === true
    if (this.#isDoubtful || isUnderWay) {
      // As far as the live rows are certain to go: wrapped, they may be more, and the rest of them stays.
      const again = this.#trail.doubt(heard?.cursor)
      return { up: Math.min(row, heard?.cursor.row ?? size.rows - 1), again: this.missing(fitted(again, size)) }
    }
    // A terminal that answers, and has not this time, may be anywhere.
    if (!isThere || (heard === undefined && this.#answers.hasAny)) {
      return { up: undefined, again: fitted(this.#trail.leave(), size) }
    }
    const { up, again } = this.#trail.mend(heard?.cursor)
    return { up, again: this.missing(fitted(again, size)) }
  }

  /** Finished rows without the first ones that are in the scrollback already, because the screen got too low for them. */
  missing<T extends Row>(rows: readonly T[]): readonly T[] {
    return rows.length === 0 ? rows : rows.slice(this.#trail.adopt(rows))
  }

  /** The terminal was somebody else's. */
  forget(size: Size): void {
    this.#answers.expire()
    this.#isPlaced = false
    this.#trail.forget(size)
    this.#seen = size
    this.#isStale = false
    this.#isDoubtful = false
    this.#wary = 0
    this.#needsAnswer = false
    this.#isAsking = false
    this.#reply = undefined
  }
}

function fitted(rows: readonly Row[], { columns }: Size): readonly Row[] {
  return rows.flatMap((row) => pieces(row, columns))
}
