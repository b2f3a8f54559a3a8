/** Of a picture. */
export interface Pixels {
  readonly width: number
  readonly height: number
}

/** How large a PNG says it is, by its first bytes; `data` is base64. Undefined for anything else. What follows is not looked at. */
export function pngPixels(data: string): Pixels | undefined {
  const head = Buffer.from(data.slice(0, HEAD_CHARS), "base64")
  if (head.length < HEAD_BYTES || !head.subarray(0, START.length).equals(START)) return undefined
  const width = head.readUInt32BE(16)
  const height = head.readUInt32BE(20)
  const isOne = width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX
  return isOne && isKind(head.readUInt8(24), head.readUInt8(25)) ? { width, height } : undefined
}

/** Signature, and the length and name of the one block that comes first in every PNG. */
const START = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1")
/** With the size, the kind and the checksum of it. */
const HEAD_BYTES = 33
const HEAD_CHARS = 44
/** As the format has it. */
const SIDE_MAX = 2 ** 31 - 1

/** Whether there is such a PNG: bits of a channel, by what its pixels are made of. */
function isKind(bits: number, color: number): boolean {
  return KINDS.get(color)?.includes(bits) === true
}

const KINDS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])
