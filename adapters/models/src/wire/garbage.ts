/** So many characters of requests, and so many bytes of answers, lie between two collections. */
const SENT = 256 * 1024
const RECEIVED = 512 * 1024

let sent = 0
let received = 0

/**
 * Told of each request that went out. What an exchange leaves behind is mostly text in pieces and buffers outside of the
 * collector's heap, of which it counts too little to run in time. Nothing waits for it.
 */
export function collectAfterSent(size: number): void {
  sent += size
  if (sent < SENT) return
  sent = 0
  Bun.gc(false)
}

/**
 * Told of each piece of an answer. A long one would take three times the memory of what is kept of it; so much of it takes
 * a model half a minute, and collecting it some milliseconds.
 */
export function collectAfterReceived(size: number): void {
  received += size
  if (received < RECEIVED) return
  received = 0
  Bun.gc(true)
}
