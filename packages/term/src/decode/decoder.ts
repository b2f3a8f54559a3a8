import type { Input } from "../input.ts"
import { Burst, hasTextBehind, isOfText, isPlain } from "./burst.ts"
import { altKey, controlKey, type Key, namedKey, textKey } from "./keys.ts"
import { BracketedPaste, joined, pastedText } from "./paste.ts"
import { type Endless, isOldMouse, type Piece, restOf, sequenceAt } from "./sequence.ts"
import { openBytes } from "./utf8.ts"

/**
 * Bytes of a terminal to what they mean. It has no clock: while `hasPending`, its owner calls `flush` after each 25 to 50 ms
 * in which nothing came. How the bytes were cut into reads makes no difference, with two exceptions: neighbouring characters
 * of one read may be one key, and what comes at once with a newline in it may be a paste that nothing marks (`Burst`).
 */
export class InputDecoder {
  /** Bytes that are no whole sequence or character yet. */
  #open: Uint8Array = NOTHING
  /** The owner has waited for the rest. It may still come; a person's keys are not behind it. */
  #isLate = false
  /** It was waited for once, whatever came since. */
  #wasLate = false
  /** Of what is open: how often nothing came. */
  #silences = 0
  #paste: BracketedPaste | undefined
  readonly #burst = new Burst()
  #hasRead = false
  /** What was taken for keys because the rest did not come in time. Once more it is waited for. */
  #flushed: Uint8Array = NOTHING
  #cursorsAsked = 0
  #cursorSilences = 0
  /** Of something without an end: what comes is dropped, until it ends or nothing comes for a while. */
  #endless: Endless | undefined

  /** Whether `flush` could give something. */
  get hasPending(): boolean {
    if (this.#paste !== undefined || this.#burst.isPending || this.#endless !== undefined) return true
    return this.#open.length > 0 || this.#flushed.length > 0 || this.#cursorsAsked > 0
  }

  /** The next answer about the cursor is one, also where it looks like F3, unless it takes seconds. */
  expectCursor(): void {
    this.#cursorsAsked++
    this.#cursorSilences = 0
  }

  /** Whether the terminal marks what is pasted. Until it is said to, it is taken for one that does not. */
  expectMarks(isMarking: boolean): void {
    this.#burst.isMarking = isMarking
  }

  feed(bytes: Uint8Array): Input[] {
    const inputs: Input[] = []
    let rest: Uint8Array | undefined = bytes
    while (rest !== undefined && rest.length > 0) {
      rest = this.#paste === undefined ? this.#decode(rest, inputs) : this.#pasted(this.#paste, rest, inputs)
    }
    this.#hasRead = true
    return inputs
  }

  /** The rest will not come: a lone ESC was the key, a paste without marks is whole. */
  flush(): Input[] {
    const inputs: Input[] = []
    if (this.#paste !== undefined) {
      if (!this.#paste.hasLapsed()) return inputs
      this.#endPaste(this.#paste, inputs)
      this.#burst.isEndDue = true
      return inputs
    }
    if (this.#endless !== undefined) {
      this.#endless = undefined
      this.#open = NOTHING
      return inputs
    }
    const open = this.#open
    if (isOpenCharacter(open)) {
      this.#open = NOTHING
      if (this.#burst.isOpen) this.#burst.push(open)
      else this.#text(open, 0, open.length, inputs)
    }
    this.#endBurst(inputs)
    this.#burst.rest()
    this.#flushed = NOTHING
    if (this.#open.length > 0) this.#waited(inputs)
    if (this.#cursorsAsked > 0 && ++this.#cursorSilences >= CURSOR_SILENCES_MAX) this.#cursorsAsked = 0
    return inputs
  }

  /** For the rest of a sequence. What is longer than a key is waited for on, but not so long that typing is lost in it. */
  #waited(inputs: Input[]): void {
    if (!this.#isLate) this.#flushSequence(inputs)
    if (this.#open.length === 0 || ++this.#silences < SILENCES_MAX) return
    this.#open = NOTHING
    this.#isLate = false
    this.#wasLate = false
  }

  /** Bytes that are left once a paste begins. */
  #decode(bytes: Uint8Array, inputs: Input[]): Uint8Array | undefined {
    const wasLate = this.#wasLate
    this.#wasLate = false
    const data = this.#withOpen(bytes)
    const silences = this.#silences
    this.#silences = 0
    let at = 0
    while (at < data.length) {
      if (this.#endless !== undefined) {
        at = this.#dropped(this.#endless, data, at)
        continue
      }
      const byte = data[at] ?? 0
      if (byte !== ESC) {
        at = isPlain(byte) ? this.#plain(data, at, inputs) : this.#control(byte, at, inputs)
        continue
      }
      const piece = sequenceAt(data, at, this.#cursorsAsked > 0, wasLate && at === 0)
      if (piece === undefined) {
        this.#wasLate = wasLate && at === 0
        this.#silences = at === 0 ? silences : 0
        this.#open = data.slice(at)
        return undefined
      }
      at += piece.length
      if (piece.kind !== "inputs") {
        this.#endBurst(inputs)
        this.#burst.isEndDue = false
      }
      if (piece.kind === "paste") {
        this.#paste = new BracketedPaste()
        return data.subarray(at)
      }
      this.#endless = piece.goesOn
      this.#take(piece, inputs)
    }
    return undefined
  }

  #dropped(endless: Endless, data: Uint8Array, from: number): number {
    const { length, hasEnded } = restOf(endless, data.subarray(from))
    if (hasEnded) this.#endless = undefined
    else this.#open = data.slice(from + length)
    return hasEnded ? from + length : data.length
  }

  /** With what came before it. Just after a flush, the rest of a sequence may still come: it is told by its shape. */
  #withOpen(bytes: Uint8Array): Uint8Array {
    const open = this.#open
    const flushed = this.#flushed
    this.#open = NOTHING
    this.#isLate = false
    this.#flushed = NOTHING
    if (flushed.length === 0) return joined([open, bytes])
    // With an ESC of its own it is the next key: Escape was pressed, and an arrow after it.
    if (bytes[0] === ESC) return bytes
    const whole = joined([flushed, bytes])
    const piece = sequenceAt(whole, 0, false)
    if (piece?.isControl !== true || piece.length <= flushed.length + 1) return bytes
    const isAnswer = piece.kind === "paste" || piece.inputs.some(({ kind }) => kind === "reply")
    return isAnswer || piece.length === whole.length ? whole : bytes
  }

  #take(piece: Piece, inputs: Input[]): void {
    for (const input of piece.inputs) {
      if (input.kind === "reply" && input.reply.kind === "cursor" && this.#cursorsAsked > 0) this.#cursorsAsked--
      if (input.kind === "key") this.#pressed(input, inputs)
      else inputs.push(input)
    }
  }

  /** One that no text has. */
  #pressed(key: Key, inputs: Input[]): void {
    this.#endBurst(inputs)
    if (key.chord === "escape" || key.chord === "ctrl+c") this.#burst.isEndDue = false
    inputs.push(key)
  }

  #control(byte: number, at: number, inputs: Input[]): number {
    if (this.#burst.isOpen && isOfText(byte)) this.#burst.push(new Uint8Array([byte]))
    else this.#pressed(controlKey(byte), inputs)
    return at + 1
  }

  /** A run of characters, tabs and newlines, and where it ends. */
  #plain(data: Uint8Array, start: number, inputs: Input[]): number {
    let end = start
    while (end < data.length && isPlain(data[end] ?? 0)) end++
    const open = end === data.length ? openBytes(data, start, end) : 0
    const whole = end - open
    if (open > 0) this.#open = data.slice(whole)
    const isPasted =
      this.#burst.isOpen ||
      this.#burst.begins(data.subarray(start, whole), !this.#hasRead, () => hasTextBehind(data, whole))
    if (isPasted) this.#burst.push(data.slice(start, whole))
    else this.#typed(data, start, whole, inputs)
    return end
  }

  #typed(data: Uint8Array, start: number, end: number, inputs: Input[]): void {
    let from = start
    for (let at = start; at < end; at++) {
      const byte = data[at] ?? 0
      if (byte !== CR && byte !== LF && byte !== TAB) continue
      this.#text(data, from, at, inputs)
      from = at + 1
      // Some set their terminal up to write both for one newline.
      if (byte !== LF || at === start || data[at - 1] !== CR) inputs.push(controlKey(byte))
    }
    this.#text(data, from, end, inputs)
  }

  #text(data: Uint8Array, start: number, end: number, inputs: Input[]): void {
    if (start >= end) return
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(data.subarray(start, end))
    if (text.length === end - start && text.length <= APART_MAX) for (const one of text) inputs.push(textKey(one))
    else inputs.push(textKey(text))
  }

  #pasted(paste: BracketedPaste, bytes: Uint8Array, inputs: Input[]): Uint8Array | undefined {
    const rest = paste.take(bytes)
    if (rest !== undefined) this.#endPaste(paste, inputs)
    return rest
  }

  #endPaste(paste: BracketedPaste, inputs: Input[]): void {
    this.#paste = undefined
    inputs.push({ kind: "paste", text: paste.text() })
  }

  #endBurst(inputs: Input[]): void {
    const pieces = this.#burst.take()
    if (pieces !== undefined) inputs.push({ kind: "paste", text: pastedText(pieces) })
  }

  /** What a person can have pressed is a key; the beginning of anything longer waits on, so that none of it becomes text. */
  #flushSequence(inputs: Input[]): void {
    const open = this.#open
    const escapes = open.findIndex((byte) => byte !== ESC)
    if (isOldMouse(open)) {
      this.#flushed = NOTHING
    } else if (escapes === -1) {
      for (const _ of open) this.#pressed(namedKey("escape"), inputs)
      this.#flushed = ONE_ESC
    } else if (open.length === escapes + 1 && (open[escapes] ?? 0) < 0x80) {
      for (let extra = 1; extra < escapes; extra++) inputs.push(namedKey("escape"))
      inputs.push(altKey(open[escapes] ?? 0))
      this.#flushed = open.slice(escapes - 1)
    } else {
      this.#isLate = true
      this.#wasLate = true
      return
    }
    this.#open = NOTHING
  }
}

function isOpenCharacter(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 0x80
}

const NOTHING = new Uint8Array(0)
/** Of the owner's timeout: about a second in which a slow line may still bring the rest. */
const SILENCES_MAX = 40
/** And the answer about a cursor, which takes as long as the slowest connection. */
const CURSOR_SILENCES_MAX = 100
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const ESC = 0x1b
const ONE_ESC = new Uint8Array([ESC])
/** Characters that stay keys of their own, as commands of a list are; more than these are text that came at once. */
const APART_MAX = 16
