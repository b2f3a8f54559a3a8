import { visible } from "./visible.ts"

/** The text of a file's beginning, without its byte order mark and with nothing hidden. Undefined for what is no text. */
export function decode(start: Uint8Array): string | undefined {
  const encoding = encodingOf(start)
  // UTF-8 that was cut in the middle of a character ends in a replacement that the file does not have.
  const bytes = encoding === "utf-8" ? whole(start) : start
  if (encoding === "utf-8" && bytes.subarray(0, SNIFFED_BYTES).includes(0)) return undefined
  return visible(new TextDecoder(encoding).decode(bytes))
}

/** A NUL this early tells a binary file from text, as git does it. */
const SNIFFED_BYTES = 8_000

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le"
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8"
}

/** Without the one to three bytes of a character whose end is missing. Bytes that are no UTF-8 at all stay. */
function whole(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    if (length > back) return bytes.subarray(0, bytes.length - back)
    if ((byte & 0xc0) !== 0x80) break
  }
  return bytes
}
