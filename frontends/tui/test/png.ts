import { deflateSync } from "node:zlib"

/** A PNG of one grey, in base64. */
export function pngOf(width: number, height: number, grey = 128): string {
  const rows = new Uint8Array((width + 1) * height).fill(grey)
  // A row begins with how it is written: as it is.
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0
  const chunks = [
    chunk("IHDR", header(width, height)),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ]
  return Buffer.concat([SIGNATURE, ...chunks]).toString("base64")
}

/** The beginning of one that says it is so large, and nothing behind it. */
export function pngHead(width: number, height: number): string {
  return Buffer.concat([SIGNATURE, chunk("IHDR", header(width, height))]).toString("base64")
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1")

function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(width, 0)
  bytes.writeUInt32BE(height, 4)
  // Eight bits of grey.
  bytes.writeUInt8(8, 8)
  return bytes
}

function chunk(kind: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(Bun.hash.crc32(body))
  return Buffer.concat([length, body, checksum])
}
