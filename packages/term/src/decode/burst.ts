import { sequenceAt } from "./sequence.ts"

/**
 * A paste that nothing marks as one. It is told by coming faster than anybody types; from then on no newline is Enter, until
 * nothing came for a while.
 *
 * Where the terminal marks its pastes, what it does not mark was typed, or sent by a program in a person's place: a line with
 * its Enter at the end is sent then, however fast it came, and only text on both sides of a newline is taken for a paste.
 * Where it does not, a line and its newline that came at once are one.
 */
export class Burst {
  /** The terminal marks what is pasted. */
  isMarking = false
  /** The end of a marked paste was waited for in vain: until it comes, or the person stops it, a newline is still of it. */
  isEndDue = false
  #pieces: Uint8Array[] | undefined
  /** There was one since the last silence: a key may have come between, and it goes on. */
  #isRunning = false
  /** More came at once since the last silence than a key. */
  #isFast = false

  get isOpen(): boolean {
    return this.#pieces !== undefined
  }

  /** Whether a silence would change anything. */
  get isPending(): boolean {
    return this.isOpen || this.#isRunning || this.#isFast
  }

  /**
   * Whether this run of characters, tabs and newlines of one read begins one. `isFirst`: of the first read, in which may be
   * what was typed while nobody read. `goesOn`: whether text follows behind what is no key.
   */
  begins(run: Uint8Array, isFirst: boolean, goesOn: () => boolean): boolean {
    const { characters, hasNewline, hasInner } = shapeOf(run)
    if (hasNewline && (this.#isRunning || this.isEndDue)) return true
    if (isFirst) return characters >= LONG || (hasInner && characters >= SHORT) || (hasNewline && characters >= LINE)
    if (this.isMarking) return hasInner || (hasNewline && characters > 0 && goesOn())
    this.#isFast ||= characters > 1
    return characters >= LONG || (hasNewline && this.#isFast)
  }

  push(run: Uint8Array): void {
    this.#pieces ??= []
    this.#pieces.push(run)
    this.#isRunning = true
  }

  /** What came so far, if anything did. It may go on behind a key. */
  take(): readonly Uint8Array[] | undefined {
    const pieces = this.#pieces
    this.#pieces = undefined
    return pieces
  }

  /** Nothing came for a while. */
  rest(): void {
    this.#isRunning = false
    this.#isFast = false
  }
}

function shapeOf(run: Uint8Array): {
  readonly characters: number
  readonly hasNewline: boolean
  readonly hasInner: boolean
} {
  let characters = 0
  let hasNewline = false
  let isBetween = false
  let hasInner = false
  for (const byte of run) {
    if (byte === CR || byte === LF) {
      hasNewline = true
      isBetween ||= characters > 0
    } else if (byte !== TAB && (byte < 0x80 || byte >= 0xc0)) {
      characters++
      hasInner ||= isBetween
    }
    if (hasInner && characters >= LONG) break
  }
  return { characters, hasNewline, hasInner }
}

/** Whether it is a character, a tab or a newline. */
export function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte !== DELETE) || byte === CR || byte === LF || byte === TAB
}

/** What else a text has that is pasted: bells, pages, and what is struck over. */
export function isOfText(byte: number): boolean {
  return byte === 0x07 || byte === 0x08 || byte === 0x0b || byte === 0x0c
}

/** Whether characters follow within these bytes, with nothing between that is a key: colors, newlines. */
export function hasTextBehind(data: Uint8Array, from: number): boolean {
  for (let at = from; at < data.length; ) {
    const byte = data[at] ?? 0
    if (byte !== ESC) {
      if (byte === CR || byte === LF || byte === TAB || isOfText(byte)) at++
      else return isPlain(byte)
      continue
    }
    const piece = sequenceAt(data, at, false)
    if (piece === undefined || piece.kind !== "inputs" || piece.inputs.length > 0) return false
    at += piece.length
  }
  return false
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const ESC = 0x1b
const DELETE = 0x7f
/** Characters; of these no newline is needed. */
const LONG = 128
/** Of what may have been typed ahead: as many as nobody types before there is anything to be seen, when a newline ends them. */
const LINE = 64
/** And when a newline stands among them. */
const SHORT = 8
