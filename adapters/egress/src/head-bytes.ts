import type { Peer } from "./peer.ts"
import { Refusal } from "./refusal.ts"

export interface HeadBounds {
  readonly bytesMax: number
  /** For all of it, however slowly it comes. */
  readonly timeoutMs: number
}

/**
 * Reads up to the empty line; what follows it is left to be read. Undefined when the other end said nothing. Throws
 * Refusal when it is too long, takes too long, or ends within.
 */
export async function readHead(peer: Peer, { bytesMax, timeoutMs }: HeadBounds): Promise<string | undefined> {
  const late = Promise.withResolvers<"late">()
  const timer = setTimeout(() => late.resolve("late"), timeoutMs)
  let text = ""
  try {
    for (;;) {
      const bytes = await Promise.race([peer.read(), late.promise])
      if (bytes === "late") throw new Refusal(408, "The head took too long.")
      if (bytes === undefined) {
        if (text === "") return undefined
        throw new Refusal(400, "The head ends in its middle.")
      }
      const from = Math.max(0, text.length - 3)
      text += Buffer.from(bytes).toString("latin1")
      const end = text.indexOf("\r\n\r\n", from)
      if (end > bytesMax || (end < 0 && text.length > bytesMax)) throw new Refusal(431, "The head is too long.")
      if (end >= 0) {
        peer.unread(Buffer.from(text.slice(end + 4), "latin1"))
        return text.slice(0, end)
      }
    }
  } finally {
    clearTimeout(timer)
  }
}
