import { ToolFailure } from "@skein/core/ports"
import { lazy } from "@skein/protocol"

/** Bytes 0x80 to 0x9F of windows-1252 in the WHATWG encoding standard: each byte is one character, none is undefined. */
export const WINDOWS_1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178"

export function encodeWindows1252(raw: string): Uint8Array {
  const bytes = new Uint8Array(raw.length)
  for (let index = 0; index < raw.length; index++) {
    const code = raw.charCodeAt(index)
    const byte = code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : byteOf().get(code)
    if (byte === undefined) throw cannotExpress(String.fromCodePoint(raw.codePointAt(index) ?? code))
    bytes[index] = byte
  }
  return bytes
}

/**
 * Whether bytes that are not UTF-8 look like a single-byte code page of western Europe: accented letters stand alone. In
 * GBK, Shift-JIS, Cyrillic or Greek they stand side by side, and writing "é" there would be another character.
 */
export function looksWestern(raw: string): boolean {
  const runs = raw.match(/[\x80-\uffff]+/g) ?? []
  return runs.filter((run) => run.length > 1).length * 4 <= runs.length
}

export function cannotExpress(character: string): ToolFailure {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
  return new ToolFailure(
    `The file is not UTF-8 and its encoding is not certain, so "${character}" (U+${code}) cannot be written in it. ` +
      "Nothing was written. Use ASCII, or convert the file to UTF-8 first (for example with iconv).",
  )
}

const byteOf = lazy(() => new Map([...WINDOWS_1252].map((character, index) => [character.charCodeAt(0), 0x80 + index])))
