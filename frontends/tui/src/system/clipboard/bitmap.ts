/**
 * A bitmap of Windows (BMP, or the DIB of its clipboard without a file's header) as a PNG; undefined for other bytes and for
 * the kinds of bitmaps that clipboards do not hold: with palettes, compressed. Opaque: clipboards leave alpha undefined.
 */
export async function pngOfBitmap(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const bitmap = bitmapOf(bytes)
  if (bitmap === undefined) return undefined
  const rows = await rowsOf(bytes, bitmap)
  const packed = await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"))).bytes()
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, bitmap.width)
  view.setUint32(4, bitmap.height)
  // Eight bits each of red, green and blue (PNG specification, 11.2.1).
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND", new Uint8Array())])
}

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const PIXELS_MAX = 50_000_000

interface Bitmap {
  readonly width: number
  readonly height: number
  readonly isTopDown: boolean
  /** Of a pixel. */
  readonly size: 3 | 4
  readonly start: number
}

/** BITMAPINFOHEADER and those that came after it, with or without a BITMAPFILEHEADER. */
function bitmapOf(bytes: Uint8Array): Bitmap | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < INFO_BYTES + FILE_BYTES) return undefined
  const isFile = view.getUint16(0) === 0x424d
  const info = isFile ? FILE_BYTES : 0
  const headerBytes = view.getUint32(info, true)
  if (headerBytes < INFO_BYTES || headerBytes > 256) return undefined
  const width = view.getInt32(info + 4, true)
  const signed = view.getInt32(info + 8, true)
  const bits = view.getUint16(info + 14, true)
  const compression = view.getUint32(info + 16, true)
  const hasMasks = compression === BITFIELDS
  if ((bits !== 24 && bits !== 32) || (compression !== 0 && !(hasMasks && bits === 32))) return undefined
  const masks = hasMasks && headerBytes === INFO_BYTES ? 12 : 0
  if (hasMasks && view.getUint32(info + INFO_BYTES, true) !== 0xff0000) return undefined
  const start = isFile ? view.getUint32(10, true) : headerBytes + masks
  const height = Math.abs(signed)
  if (width <= 0 || height === 0 || width * height > PIXELS_MAX) return undefined
  const size = bits === 24 ? 3 : 4
  if (start + strideOf({ width, size }) * height > view.byteLength) return undefined
  return { width, height, isTopDown: signed < 0, size, start }
}

const FILE_BYTES = 14
const INFO_BYTES = 40
const BITFIELDS = 3

/** A row ends at four bytes. */
function strideOf({ width, size }: Pick<Bitmap, "width" | "size">): number {
  return Math.ceil((width * size) / 4) * 4
}

/** Blue, green, red become red, green, blue, each row after the number of its filter: none. Keys come in between. */
async function rowsOf(bytes: Uint8Array, bitmap: Bitmap): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, isTopDown, size, start } = bitmap
  const stride = strideOf(bitmap)
  const rows = new Uint8Array((width * 3 + 1) * height)
  let to = 0
  for (let row = 0; row < height; row++) {
    let from = start + stride * (isTopDown ? row : height - 1 - row)
    to++
    for (let column = 0; column < width; column++, from += size, to += 3) {
      rows[to] = bytes[from + 2] ?? 0
      rows[to + 1] = bytes[from + 1] ?? 0
      rows[to + 2] = bytes[from] ?? 0
    }
    if (row % ROWS_AT_ONCE === 0) await Bun.sleep(0)
  }
  return rows
}

const ROWS_AT_ONCE = 64

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(named, 4)
  whole.writeUInt32BE(Bun.hash.crc32(named), named.length + 4)
  return whole
}
