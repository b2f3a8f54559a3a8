/** Largest message that is taken of a server: what says more is broken, or means harm. */
export const MESSAGE_BYTES_MAX = 32_000_000
const HEADER_BYTES_MAX = 4_096

/** The server does not speak the protocol, or says too much at once. */
export class FrameDefect extends Error {
  override readonly name = "FrameDefect"
}

/**
 * Takes bytes as they come and gives whole messages: a header with `Content-Length`, an empty line, so many bytes of UTF-8.
 * See "Base Protocol" of the Language Server Protocol 3.17. Throws FrameDefect; after that nothing more can be read.
 */
export function frameDecoder(onMessage: (text: string) => void): (bytes: Uint8Array) => void {
  let pieces: Uint8Array[] = []
  let held = 0
  /** How many bytes must be here before there is anything to do. */
  let wanted = 1

  return (bytes) => {
    pieces.push(bytes)
    held += bytes.length
    while (held >= wanted) {
      const all = Buffer.concat(pieces)
      const frame = frameOf(all)
      if (frame.message === undefined) {
        pieces = [all]
        wanted = frame.wanted
        return
      }
      onMessage(frame.message)
      const rest = all.subarray(frame.end)
      pieces = rest.length === 0 ? [] : [rest]
      held = rest.length
      wanted = 1
    }
  }
}

/** A message as it is sent. */
export function encodeFrame(message: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}

type Frame =
  | { readonly message: string; readonly end: number }
  | { readonly message?: undefined; readonly wanted: number }

function frameOf(bytes: Buffer): Frame {
  const headerEnd = bytes.indexOf("\r\n\r\n")
  if (headerEnd === -1) {
    if (bytes.length > HEADER_BYTES_MAX) throw new FrameDefect("It says something that is not the protocol.")
    return { wanted: bytes.length + 1 }
  }
  const header = bytes.toString("latin1", 0, headerEnd)
  const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(header)?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(length)) throw new FrameDefect("It says something that is not the protocol.")
  if (length > MESSAGE_BYTES_MAX) throw new FrameDefect(`It sent a message of ${length} bytes, which is too much.`)
  const start = headerEnd + 4
  if (bytes.length < start + length) return { wanted: start + length }
  return { message: bytes.toString("utf8", start, start + length), end: start + length }
}
