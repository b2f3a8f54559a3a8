import { damagedText, encodeDamaged } from "./damaged.ts"
import { encodeWindows1252, WINDOWS_1252 } from "./windows-1252.ts"

/**
 * `utf8-damaged`: mostly UTF-8, with bytes that are not. `windows-1252`: no UTF-8; every byte is shown as one character
 * of that code page, whatever the file really is, so that what is plain ASCII in it can be read and edited.
 */
export type Encoding = "utf8" | "utf16le" | "utf16be" | "utf8-damaged" | "windows-1252"
export type LineEnd = "\n" | "\r\n" | "\r"

/** A text file as the model reads it, with the way back to its bytes. */
export interface TextFile {
  readonly encoding: Encoding
  /** Length of the byte order mark; it is not part of `raw`. */
  readonly bomBytes: number
  /** The text with its own line ends. A byte that is not UTF-8 is a lone surrogate, U+DC00 + byte. */
  readonly raw: string
  /** What is shown and matched: every line end is "\n", every damaged byte "\uFFFD". */
  readonly text: string
  /** The most frequent line end; "\n" when there is none. */
  readonly lineEnd: LineEnd
}

/** Undefined for what is not text: a NUL near the start, or many control characters. */
export function decodeText(bytes: Uint8Array): TextFile | undefined {
  const marked = bomOf(bytes)
  if (marked === "utf32") return undefined
  if (marked !== undefined && marked !== "utf8") return textFile(marked, 2, decodeUtf16(bytes.subarray(2), marked))
  if (bytes.subarray(0, SNIFF_BYTES).includes(0)) return undefined
  const bomBytes = marked === "utf8" ? 3 : 0
  const body = bytes.subarray(bomBytes)
  const valid = decodeUtf8(body)
  if (valid !== undefined) return textFile("utf8", bomBytes, valid)
  const damaged = damagedText(body)
  if (damaged.validCount > damaged.invalidCount) return textFile("utf8-damaged", bomBytes, damaged.raw)
  return isMostlyControl(bytes) ? undefined : textFile("windows-1252", 0, decodeWindows1252(bytes))
}

/** The bytes of a text in an encoding. Throws ToolFailure when the encoding has no such character. */
export function encodeText(encoding: Encoding, raw: string): Uint8Array {
  switch (encoding) {
    case "utf8":
      return new TextEncoder().encode(raw)
    case "utf8-damaged":
      return encodeDamaged(raw)
    case "windows-1252":
      return encodeWindows1252(raw)
    case "utf16le":
      return Buffer.from(raw, "utf16le")
    case "utf16be":
      return Buffer.from(raw, "utf16le").swap16()
  }
}

/** Bytes that a piece of `raw` takes in its file. */
export function byteLength(encoding: Encoding, raw: string): number {
  if (encoding === "utf8") return Buffer.byteLength(raw)
  if (encoding === "utf8-damaged") return encodeDamaged(raw).length
  return encoding === "windows-1252" ? raw.length : raw.length * 2
}

/** The most frequent line end of a text; undefined where it has none. */
export function lineEndOf(raw: string): LineEnd | undefined {
  if (!raw.includes("\r")) return raw.includes("\n") ? "\n" : undefined
  const counts = { "\n": 0, "\r\n": 0, "\r": 0 }
  for (const [end] of raw.matchAll(/\r\n|\n|\r/g)) counts[end as LineEnd] += 1
  if (counts["\r\n"] >= counts["\n"] && counts["\r\n"] >= counts["\r"]) return "\r\n"
  return counts["\n"] >= counts["\r"] ? "\n" : "\r"
}

/** How it is called to the model and to people. */
export const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  utf8: "UTF-8",
  utf16le: "UTF-16 LE",
  utf16be: "UTF-16 BE",
  "utf8-damaged": "UTF-8 with invalid bytes, shown as \uFFFD",
  "windows-1252": "not UTF-8, shown as windows-1252",
}

/** As far as git looks for a NUL. */
const SNIFF_BYTES = 8_000

function textFile(encoding: Encoding, bomBytes: number, raw: string): TextFile {
  const shown = encoding === "utf8-damaged" ? raw.replace(/(?<![\ud800-\udbff])[\udc80-\udcff]/g, "\ufffd") : raw
  const text = raw.includes("\r") ? shown.replace(/\r\n?/g, "\n") : shown
  return { encoding, bomBytes, raw, text, lineEnd: lineEndOf(raw) ?? "\n" }
}

function bomOf(bytes: Uint8Array): "utf8" | "utf16le" | "utf16be" | "utf32" | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf8"
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "utf32" : "utf16le"
  return a === 0xfe && b === 0xff ? "utf16be" : undefined
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined // the one way to ask whether bytes are UTF-8
    throw error
  }
}

/** Lone surrogates stay; an odd last byte is left out, and so stays untouched. */
function decodeUtf16(bytes: Uint8Array, encoding: "utf16le" | "utf16be"): string {
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return (encoding === "utf16be" ? whole.swap16() : whole).toString("utf16le")
}

function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character)
}

function isMostlyControl(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, SNIFF_BYTES)
  return (
    head.filter((byte) => byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b).length > head.length / 10
  )
}
