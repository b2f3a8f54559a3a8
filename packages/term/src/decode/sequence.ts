import type { Input } from "../input.ts"
import { type Sequence, sequenceInput, singleShiftKey } from "./csi.ts"
import { ALT, characterKey, controlKey, namedKey } from "./keys.ts"
import { stringInput } from "./strings.ts"
import { lengthOf, openBytes } from "./utf8.ts"

/** What begins with ESC, whole: how many bytes it has and what it means. */
export type Piece = {
  readonly length: number
  readonly inputs: readonly Input[]
  /** A terminal's own sequence, and no key with Alt. */
  readonly isControl: boolean
  /** `paste`: the mark that one begins; `pasted`: that one ended. */
  readonly kind: "inputs" | "paste" | "pasted"
  /** It is longer than any is, and goes on: what follows is still of it. */
  readonly goesOn?: Endless | undefined
}

export type Endless = "sequence" | "string"

/** Where what goes on ends within these bytes: at their end, if it does not. A lone ESC there is left to be looked at again. */
export function restOf(endless: Endless, bytes: Uint8Array): { readonly length: number; readonly hasEnded: boolean } {
  if (endless === "sequence") {
    const at = bytes.findIndex((byte) => !isBetween(byte, 0x20, 0x3f))
    if (at < 0) return { length: bytes.length, hasEnded: false }
    return { length: isBetween(bytes[at], 0x40, 0x7e) ? at + 1 : at, hasEnded: true }
  }
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === BEL) return { length: at + 1, hasEnded: true }
    if (bytes[at] !== ESC) continue
    if (bytes[at + 1] === ST) return { length: at + 2, hasEnded: true }
    if (at + 1 === bytes.length) return { length: at, hasEnded: false }
  }
  return { length: bytes.length, hasEnded: false }
}

/** A report of the oldest mouse protocol without what it reports, which nothing here ever asks for. */
export function isOldMouse(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[1] === CSI && bytes[2] === LETTER_M
}

/** The sequence that begins with the ESC at `start`; undefined when its end has not come yet, late as it may be. */
export function sequenceAt(bytes: Uint8Array, start: number, asksCursor: boolean, isLate = false): Piece | undefined {
  const next = bytes[start + 1]
  if (next === undefined) return undefined
  if (next === ESC) return twice(bytes, start, asksCursor)
  if (next === CSI) return controlSequence({ bytes, start, from: start + 2, hasAlt: false, asksCursor })
  if (next === SS3) return singleShift(bytes, start, start + 2, false)
  if (next === OSC || next === DCS || next === APC) return string(bytes, start, next, isLate)
  return withAlt(bytes, start)
}

/** The first of two is Alt where a sequence follows the second, else the key. */
function twice(bytes: Uint8Array, start: number, asksCursor: boolean): Piece | undefined {
  const third = bytes[start + 2]
  if (third === undefined) return undefined
  if (third === CSI) return controlSequence({ bytes, start, from: start + 3, hasAlt: true, asksCursor })
  if (third === SS3) return singleShift(bytes, start, start + 3, true)
  return keyed(1, namedKey("escape"))
}

interface Opened {
  readonly bytes: Uint8Array
  readonly start: number
  readonly from: number
  readonly hasAlt: boolean
  readonly asksCursor: boolean
}

function controlSequence({ bytes, start, from, hasAlt, asksCursor }: Opened): Piece | undefined {
  let at = from
  // The function keys of the Linux console: ESC [ [ A.
  if (bytes[at] === CSI) {
    const final = bytes[at + 1]
    if (final === undefined) return undefined
    const name = final >= 0x41 && final <= 0x45 ? [namedKey(`f${final - 0x40}`, hasAlt ? ALT : 0)] : []
    return { kind: "inputs", isControl: true, length: at + 2 - start, inputs: name }
  }
  while (isBetween(bytes[at], 0x30, 0x3f) && at - from < SEQUENCE_MAX) at++
  const parameters = latin(bytes, from, at)
  // The rxvt way of saying shift: what would go on in any other sequence ends this one.
  if (bytes[at] === DOLLAR && /^\d+$/.test(parameters))
    return control(at + 1 - start, "", parameters, "$", hasAlt, asksCursor)
  const middle = at
  while (isBetween(bytes[at], 0x20, 0x2f) && at - from < SEQUENCE_MAX) at++
  const intermediate = latin(bytes, middle, at)
  if (at - from === SEQUENCE_MAX) return { ...swallowed(at - start), goesOn: "sequence" }
  const final = bytes[at]
  if (final === undefined) return undefined
  if (!isBetween(final, 0x40, 0x7e)) return broken(start, at, from)
  const length = at + 1 - start
  const letter = String.fromCharCode(final)
  // Reports of the oldest mouse protocol are three bytes of any value behind this.
  if (letter === "M" && parameters === "") return bytes.length < at + 4 ? undefined : swallowed(length + 3)
  if (letter === "~" && parameters === "200") return { kind: "paste", isControl: true, length, inputs: [] }
  if (letter === "~" && parameters === "201") return { kind: "pasted", isControl: true, length, inputs: [] }
  return control(length, letter, parameters, intermediate, hasAlt, asksCursor)
}

function control(
  length: number,
  final: string,
  parameters: string,
  intermediate: string,
  hasAlt: boolean,
  asksCursor: boolean,
): Piece {
  const marker = /^[<=>?]/.exec(parameters)?.[0] ?? ""
  const sequence: Sequence = {
    marker,
    parameters: numbers(parameters.slice(marker.length)),
    intermediate,
    final,
    hasAlt,
  }
  const input = sequenceInput(sequence, asksCursor)
  return { kind: "inputs", isControl: true, length, inputs: input === undefined ? [] : [input] }
}

/** A byte that no sequence has ends it: what there was is dropped, unless a person can have typed it. */
function broken(start: number, at: number, from: number): Piece {
  if (at > from) return swallowed(at - start)
  return start + 2 === from ? keyed(2, namedKey("alt+[")) : keyed(1, namedKey("escape"))
}

function singleShift(bytes: Uint8Array, start: number, from: number, hasAlt: boolean): Piece | undefined {
  let at = from
  while (isBetween(bytes[at], 0x30, 0x3b) && at - from < SEQUENCE_MAX) at++
  const final = bytes[at]
  if (final === undefined) return undefined
  if (!isBetween(final, 0x20, 0x7e)) {
    if (at > from) return swallowed(at - start)
    return hasAlt ? keyed(1, namedKey("escape")) : keyed(2, namedKey("alt+shift+o"))
  }
  const input = singleShiftKey(latin(bytes, from, at), String.fromCharCode(final), hasAlt)
  return { kind: "inputs", isControl: false, length: at + 1 - start, inputs: input === undefined ? [] : [input] }
}

/** A string that a terminal sends begins in one of few ways; all else is Alt and a character. */
function string(bytes: Uint8Array, start: number, introducer: number, isLate: boolean): Piece | undefined {
  const first = bytes[start + 2]
  if (first === undefined) return undefined
  if (!OPENERS[introducer]?.includes(String.fromCharCode(first))) return withAlt(bytes, start)
  const end = Math.min(bytes.length, start + STRING_MAX)
  for (let at = start + 2; at < end; at++) {
    const byte = bytes[at] ?? 0
    const isLong = byte === ESC && bytes[at + 1] === ST
    if (byte === BEL || isLong) {
      const input = stringInput(String.fromCharCode(introducer), utf8(bytes, start + 2, at))
      const length = at + (isLong ? 2 : 1) - start
      return { kind: "inputs", isControl: true, length, inputs: input === undefined ? [] : [input] }
    }
    if (byte === ESC && bytes[at + 1] === undefined) return undefined
    // A newline in an answer is no Enter. Only where the end was waited for in vain was it cut off, and a key follows.
    if (byte < 0x20 && isLate) return swallowed(at - start)
  }
  return end - start === STRING_MAX ? { ...swallowed(STRING_MAX), goesOn: "string" } : undefined
}

function withAlt(bytes: Uint8Array, start: number): Piece | undefined {
  const code = bytes[start + 1] ?? 0
  if (code < 0x20 || code === 0x7f) return keyed(2, controlKey(code, ALT))
  if (code < 0x80) return keyed(2, characterKey({ code, held: ALT }))
  const length = lengthOf(code)
  const end = Math.min(bytes.length, start + 1 + length)
  if (openBytes(bytes, start + 1, end) === end - start - 1) return undefined
  const character = utf8(bytes, start + 1, end)
  const whole = character.codePointAt(0) ?? 0
  if (end - start - 1 < length || whole === 0xfffd) return keyed(1, namedKey("escape"))
  return keyed(1 + length, characterKey({ code: whole, held: ALT }))
}

function keyed(length: number, input: Input): Piece {
  return { kind: "inputs", isControl: false, length, inputs: [input] }
}

function swallowed(length: number): Piece {
  return { kind: "inputs", isControl: true, length, inputs: [] }
}

/** Parameters are parted by `;`, their parts by `:`. */
function numbers(text: string): number[][] {
  if (text === "") return []
  return text.split(";").map((one) => one.split(":").map((digits) => Number.parseInt(digits || "0", 10) || 0))
}

function isBetween(byte: number | undefined, first: number, last: number): boolean {
  return byte !== undefined && byte >= first && byte <= last
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? "" : String.fromCharCode(...bytes.subarray(start, end))
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end))
}

const BEL = 0x07
const ESC = 0x1b
const DOLLAR = 0x24
const LETTER_M = 0x4d
const SS3 = 0x4f
const DCS = 0x50
const CSI = 0x5b
const ST = 0x5c
const OSC = 0x5d
const APC = 0x5f
/** What an answer's first byte can be: a number, a title's letter, the kind of a device control string, graphics. */
const OPENERS: Readonly<Record<number, string>> = { [OSC]: "0123456789lL", [DCS]: "0123456789>=!?$+", [APC]: "G" }
/** Bytes. Longer ones are no keys and no answers. */
const SEQUENCE_MAX = 256
const STRING_MAX = 4_096
