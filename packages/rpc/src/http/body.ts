import type { IncomingMessage } from "node:http"
import type { Refused } from "./guard.ts"

/** The body of a request as JSON, or why it is not taken. */
export async function bodyOf(
  request: IncomingMessage,
  bytesMax: number,
): Promise<{ readonly value: unknown } | Refused> {
  // A form of any page can send text; only a program, or a page that was asked about first, sends this.
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"]?.trim() ?? "")) {
    return { status: 415, message: "Send application/json." }
  }
  const tooLong = { status: 413, message: `A body has at most ${bytesMax} bytes.` }
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) return tooLong
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += piece.length
    if (bytes > bytesMax) return tooLong
    pieces.push(piece)
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces))
    return { value: JSON.parse(text) }
  } catch {
    return { status: 400, message: "The body is not JSON." }
  }
}
