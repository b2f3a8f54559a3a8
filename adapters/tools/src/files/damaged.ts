/**
 * Text that is mostly UTF-8: each byte that is not becomes the lone surrogate U+DC00 + byte, which no valid UTF-8 can
 * give, so the way back is exact (the idea of PEP 383).
 */
export function damagedText(bytes: Uint8Array): { raw: string; validCount: number; invalidCount: number } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
  const pieces: string[] = []
  let validCount = 0
  let invalidCount = 0
  let start = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length > 1) validCount += 1
    if (length > 0) {
      at += length
      continue
    }
    invalidCount += 1
    pieces.push(decoder.decode(bytes.subarray(start, at)), String.fromCharCode(0xdc00 + (bytes[at] ?? 0)))
    at += 1
    start = at
  }
  pieces.push(decoder.decode(bytes.subarray(start)))
  return { raw: pieces.join(""), validCount, invalidCount }
}

export function encodeDamaged(raw: string): Uint8Array {
  const encoder = new TextEncoder()
  const pieces = raw
    .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
    .map((piece, index) => (index % 2 === 0 ? encoder.encode(piece) : Uint8Array.of(piece.charCodeAt(0) - 0xdc00)))
  return Buffer.concat(pieces)
}

/** Bytes of the well-formed sequence at `at`, by table 3-7 of the Unicode standard; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0
  for (let index = 1; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0
  const second = bytes[at + 1] ?? 0
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90)
  const isBeyond = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f)
  return isOverlong || isBeyond ? 0 : length
}
