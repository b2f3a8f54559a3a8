/** Splits a stream into lines. After `onTooLong` nothing more is told. */
export function lines(
  onLine: (line: string) => void,
  onTooLong: () => void,
  bytesMax: number,
): (bytes: Uint8Array) => void {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let isOver = false
  return (bytes) => {
    let from = 0
    while (!isOver) {
      const end = bytes.indexOf(NEWLINE, from)
      const stop = end < 0 ? bytes.length : end
      heldBytes += stop - from
      if (heldBytes > bytesMax) {
        isOver = true
        held = []
        onTooLong()
        return
      }
      // The bytes may be in a buffer that is used again.
      held.push(bytes.slice(from, stop))
      if (end < 0) return
      const line = Buffer.concat(held).toString()
      held = []
      heldBytes = 0
      from = end + 1
      onLine(line)
    }
  }
}

const NEWLINE = 0x0a
