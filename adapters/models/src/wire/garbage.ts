/** So much text goes to and fro between two collections. */
const BYTES = 256 * 1024

let moved = 0

/**
 * Told of every body that went out or came in, in bytes or characters. What an exchange leaves behind is mostly text in
 * pieces and buffers outside of the collector's heap, of which it counts too little to run in time: a long answer would
 * take three times the memory of what is kept of it. Nothing waits for the collection.
 */
export function exchanged(size: number): void {
  moved += size
  if (moved < BYTES) return
  moved = 0
  Bun.gc(false)
}
