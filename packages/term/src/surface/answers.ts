import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"
import type { Stroke, Trail } from "./trail.ts"

/** Where the cursor is, and where it is at most: the size, as of this place in the bytes. The cursor is left where it was. */
export const PROBE = "\u001b[6n\u001b7\u001b[999;999H\u001b[6n\u001b8"
export const PROBE_ANSWERS = 2

/** A place in the bytes to which the terminal has not come, as far as is known. */
interface Place {
  readonly stroke: Stroke | undefined
  readonly isProbed: boolean
}

/** So many frames may be under way before the first of them is taken for arrived. */
const PLACES_MAX = 256

/** Frames and questions in the order in which the terminal meets them. By its answers the trail follows, and never ahead of them. */
export class Answers {
  readonly #trail: Trail
  readonly #places: Place[] = []
  /** Those that an answer belongs to, also where nobody waits for it any more. */
  readonly #probed: Place[] = []
  #sizes: Size[] = []
  #cursor: Caret | undefined
  #hasAny = false

  constructor(trail: Trail) {
    this.#trail = trail
  }

  /** Answers that are still to come. */
  get count(): number {
    return this.#probed.length * PROBE_ANSWERS - (this.#cursor === undefined ? 0 : 1)
  }

  /** The terminal has answered at all. */
  get hasAny(): boolean {
    return this.#hasAny
  }

  /**
   * A frame that mends or leaves history is under way. What it was made for may not be so any more when it arrives, and what
   * follows it would push what has to be mended out of reach.
   */
  get isUnsure(): boolean {
    return this.#places.some(({ stroke, isProbed }) => isProbed && (stroke?.isRepair || stroke?.finished.length))
  }

  sent(place: Place): void {
    if (place.isProbed) this.#probed.push(place)
    this.#places.push(place)
    this.#arrive()
    while (this.#places.length > PLACES_MAX) this.#come(this.#places.shift())
  }

  /** The size and the cursor at the last question, once its answer is whole. */
  heard(reply: Caret, reflow: Reflow): Heard | undefined {
    this.#hasAny = true
    // One that nobody waits for any more.
    if (this.#probed.length === 0) return undefined
    const cursor = this.#cursor
    this.#cursor = cursor === undefined ? reply : undefined
    if (cursor === undefined) return undefined
    const place = this.#probed.shift()
    const at = place === undefined ? -1 : this.#places.indexOf(place)
    if (at < 0) return undefined
    for (const earlier of this.#places.splice(0, at)) this.#come(earlier)
    this.#places.shift()
    const size = { columns: reply.column + 1, rows: reply.row + 1 }
    const isDirect = this.#pass(size)
    const isKnown = this.#trail.meet(size, reflow, cursor, isDirect)
    this.#come(place)
    this.#arrive()
    const isLast = place?.stroke === undefined && this.#places.every(({ stroke }) => stroke !== undefined)
    return isLast ? { size, cursor, isKnown } : undefined
  }

  /** All is taken for arrived as it was meant. Answers that come later are not waited for. */
  giveUp(): void {
    this.#sizes = []
    for (const place of this.#places.splice(0)) this.#come(place)
  }

  /** What is still due will not come: an answer from now on is to what is asked from now on. */
  expire(): void {
    this.giveUp()
    this.#probed.splice(0)
    this.#cursor = undefined
  }

  /** The system has told of this size: the terminal has it, had it, or will. */
  resized(size: Size): void {
    this.#sizes.push(size)
  }

  /** Whether it is the next one that was told of. Others on the way may have pushed rows off the screen. */
  #pass(size: Size): boolean {
    const at = this.#sizes.findIndex(({ columns, rows }) => columns === size.columns && rows === size.rows)
    this.#sizes.splice(0, at + 1)
    return at === 0
  }

  /** What nobody asks about has arrived as soon as what is before it. */
  #arrive(): void {
    while (this.#places[0]?.isProbed === false) this.#come(this.#places.shift())
  }

  #come(place: Place | undefined): void {
    if (place?.stroke !== undefined) this.#trail.paint(place.stroke)
  }
}

export interface Heard {
  readonly size: Size
  readonly cursor: Caret
  /** The cursor is at its text. */
  readonly isKnown: boolean
}
