import type { Transform } from "node:stream"
import { ToolFailure } from "@skein/core/ports"

export interface Body {
  readonly bytes: Uint8Array
  readonly isCut: boolean
}

/** At most `bytesMax` bytes of what a server sends; the rest is not waited for. */
export async function received(response: Response, bytesMax: number): Promise<Body> {
  const reader = response.body?.getReader()
  if (reader === undefined) return { bytes: new Uint8Array(), isCut: false }
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value)
      bytes += part.value.length
      if (bytes > bytesMax) return { bytes: Buffer.concat(parts).subarray(0, bytesMax), isCut: true }
    }
    return { bytes: Buffer.concat(parts), isCut: false }
  } finally {
    // What is still on its way is of no use; an error of giving it up neither.
    reader.cancel().catch(ignored)
  }
}

/** Packed in packed in packed is how bombs are made; real servers pack once. */
const LAYERS_MAX = 2

/**
 * Unpacks a body as its server says it was packed, never past `bytesMax`: however little a bomb weighs, no more of it is
 * made. Throws ToolFailure for what cannot be unpacked.
 */
export async function unpacked(body: Body, encoding: string, bytesMax: number): Promise<Body> {
  const names = encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity")
  if (names.length > LAYERS_MAX) throw new ToolFailure(`The answer is packed ${names.length} times over: not unpacked.`)
  let now = body
  for (const name of names.toReversed()) now = await unpackedOnce(now, name, bytesMax)
  return now
}

async function unpackedOnce(body: Body, name: string, bytesMax: number): Promise<Body> {
  if (body.bytes.length === 0) return body
  const through = await unpackerFor(name, body.bytes)
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    through.end(body.bytes)
    for await (const part of through as AsyncIterable<Uint8Array>) {
      parts.push(part)
      bytes += part.length
      if (bytes > bytesMax) return { bytes: Buffer.concat(parts).subarray(0, bytesMax), isCut: true }
    }
  } catch (cause) {
    // The end of what was cut is missing, and what came before it is as good as it was.
    if (!body.isCut || bytes === 0) throw new ToolFailure(`The answer says it is ${name}, and is not.`, { cause })
  } finally {
    through.destroy()
  }
  return { bytes: Buffer.concat(parts), isCut: body.isCut }
}

async function unpackerFor(name: string, bytes: Uint8Array): Promise<Transform> {
  const zlib = await import("node:zlib")
  switch (name) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip()
    case "deflate":
      // RFC 9110 §8.4.1.2 means zlib's format; some servers send the bare one.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()
    case "br":
      return zlib.createBrotliDecompress()
    default:
      throw new ToolFailure(`The answer is packed as ${JSON.stringify(name.slice(0, 40))}, which was not asked for.`)
  }
}

function ignored(): void {}
