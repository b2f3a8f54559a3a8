/**
 * CRC-32C (Castagnoli) of a range of bytes, as RFC 3720 §B.4 defines it: reflected, polynomial 0x1EDC6F41.
 * Four bytes a step; eight a step is no faster here.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  tables ??= build()
  const [t0, t1, t2, t3] = tables
  let crc = -1
  let at = start
  for (const whole = end - 3; at < whole; at += 4) {
    crc ^= byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24)
    crc = entry(t3, crc) ^ entry(t2, crc >>> 8) ^ entry(t1, crc >>> 16) ^ entry(t0, crc >>> 24)
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ entry(t0, crc ^ byte(bytes, at))
  return ~crc >>> 0
}

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array]

/** The polynomial with its bits reversed. */
const POLYNOMIAL = 0x82f63b78
let tables: Tables | undefined

/** By linearity, each entry from two others: bit by bit it took a third of a millisecond of every start. */
function build(): Tables {
  const built: Tables = [new Int32Array(256), new Int32Array(256), new Int32Array(256), new Int32Array(256)]
  const [t0, ...further] = built
  let crc = 1
  for (let bit = 128; bit > 0; bit >>= 1) {
    crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    for (let low = 0; low < 256; low += 2 * bit) t0[bit + low] = crc ^ (t0[low] as number)
  }
  let before = t0
  for (const table of further) {
    for (let n = 0; n < 256; n++) {
      const value = before[n] as number
      table[n] = (value >>> 8) ^ (t0[value & 255] as number)
    }
    before = table
  }
  return built
}

// Both indexes are in range by construction; the casts cost nothing where a check would cost a third of the speed.
function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

function entry(table: Int32Array, index: number): number {
  return table[index & 255] as number
}
