import type { Input } from "../input.ts"
import { controlKey, namedKey, textKey } from "./keys.ts"
import { BracketedPaste, isBurst, joined, pastedText } from "./paste.ts"
import { type Endless, type Piece, restOf, sequenceAt } from "./sequence.ts"
import { openBytes } from "./utf8.ts"

/**
 * Bytes of a terminal to what they mean. It has no clock: while `hasPending`, its owner calls `flush` after each 25 to 50 ms
 * in which nothing came. How the bytes were cut into reads makes no difference, with two exceptions: neighbouring characters
 * of one read may be one key, and many at once with a newline among them are a paste, whether the terminal marks it or not.
 */
export class InputDecoder {
  /** Bytes that are no whole sequence or character yet. */
  #open: Uint8Array = NOTHING
  /** The owner has waited for the rest. It may still come; a person's keys are not behind it. */
  #isLate = false
  /** It was waited for once, whatever came since. */
  #wasLate = false
  #paste: BracketedPaste | undefined
  #burst: Uint8Array[] | undefined
  /** What was taken for keys because the rest did not come in time. */
  #flushed: Uint8Array = NOTHING
  #cursorsAsked = 0
  /** Of something without an end: what comes is dropped, until it ends or nothing comes for a while. */
  #endless: Endless | undefined

  /** Whether `flush` could give something. */
  get hasPending(): boolean {
    if (this.#paste !== undefined || this.#burst !== undefined || this.#endless !== undefined) return true
    return this.#open.length > 0 && !this.#isLate
  }

  /** The next answer about the cursor is one, also where it looks like F3. */
  expectCursor(): void {
    this.#cursorsAsked++
  }

  feed(bytes: Uint8Array): Input[] {
    const inputs: Input[] = []
    let rest: Uint8Array | undefined = bytes
    while (rest !== undefined && rest.length > 0) {
      rest = this.#paste === undefined ? this.#decode(rest, inputs) : this.#pasted(this.#paste, rest, inputs)
    }
    return inputs
  }

  /** The rest will not come: a lone ESC was the key, a paste without marks is whole. */
  flush(): Input[] {
    const inputs: Input[] = []
    if (this.#paste !== undefined) {
      if (this.#paste.hasLapsed()) this.#endPaste(this.#paste, inputs)
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
      if (this.#burst === undefined) this.#text(open, 0, open.length, inputs)
      else this.#burst.push(open)
    }
    this.#endBurst(inputs)
    if (this.#open.length > 0 && !this.#isLate) this.#flushSequence(inputs)
    return inputs
  }

  /** Bytes that are left once a paste begins. */
  #decode(bytes: Uint8Array, inputs: Input[]): Uint8Array | undefined {
    const wasLate = this.#wasLate
    this.#wasLate = false
    const data = this.#withOpen(bytes)
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
        this.#endBurst(inputs)
        this.#open = data.slice(at)
        return undefined
      }
      at += piece.length
      this.#endBurst(inputs)
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

  /** With what came before it. After a flush, the rest of a sequence may still come: it is told by its shape. */
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
    const isRest = piece?.isControl === true && piece.length > flushed.length + 1
    return isRest ? whole : bytes
  }

  #take(piece: Piece, inputs: Input[]): void {
    for (const input of piece.inputs) {
      if (input.kind === "reply" && input.reply.kind === "cursor" && this.#cursorsAsked > 0) this.#cursorsAsked--
      inputs.push(input)
    }
  }

  #control(byte: number, at: number, inputs: Input[]): number {
    this.#endBurst(inputs)
    inputs.push(controlKey(byte))
    return at + 1
  }

  /** A run of characters, tabs and newlines, and where it ends. */
  #plain(data: Uint8Array, start: number, inputs: Input[]): number {
    let end = start
    while (end < data.length && isPlain(data[end] ?? 0)) end++
    const open = end === data.length ? openBytes(data, start, end) : 0
    const whole = end - open
    if (open > 0) this.#open = data.slice(whole)
    if (this.#burst !== undefined) this.#burst.push(data.slice(start, whole))
    else if (isBurst(data, start, whole)) this.#burst = [data.slice(start, whole)]
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
    if (this.#burst === undefined) return
    inputs.push({ kind: "paste", text: pastedText(this.#burst) })
    this.#burst = undefined
  }

  /** What a person can have pressed is a key; the beginning of anything longer waits on, so that none of it becomes text. */
  #flushSequence(inputs: Input[]): void {
    const open = this.#open
    const escapes = open.findIndex((byte) => byte !== ESC)
    if (escapes === -1) {
      for (const _ of open) inputs.push(namedKey("escape"))
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

function altKey(byte: number): Input {
  const character = String.fromCharCode(byte)
  const small = character.toLowerCase()
  return namedKey(`alt+${small === character ? "" : "shift+"}${small}`)
}

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte !== DELETE) || byte === CR || byte === LF || byte === TAB
}

function isOpenCharacter(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 0x80
}

const NOTHING = new Uint8Array(0)
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const ESC = 0x1b
const ONE_ESC = new Uint8Array([ESC])
const DELETE = 0x7f
/** Characters that stay keys of their own, as commands of a list are; more than these are text that came at once. */
const APART_MAX = 16
