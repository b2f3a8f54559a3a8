import { createHash } from "node:crypto"
import type { IncomingMessage } from "node:http"

/** What RFC 6455 has every server append. */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/** The proof that a key was read. */
export function proofOf(key: string): string {
  return createHash("sha1").update(`${key}${MAGIC}`).digest("base64")
}

/** What a server answers a client's handshake with; undefined when it is none. */
export function acceptKey({ method, headers }: IncomingMessage): string | undefined {
  const key = headers["sec-websocket-key"] ?? ""
  const isAsked = method === "GET" && headers.upgrade?.toLowerCase() === "websocket"
  if (!isAsked || headers["sec-websocket-version"] !== "13") return undefined
  return /^[A-Za-z0-9+/]{22}==$/.test(key) ? proofOf(key) : undefined
}
