/** The largest message that is read: beyond it a server is ended, whatever it meant. */
export const MESSAGE_BYTES_MAX = 64_000_000

export interface MessageLines {
  take(bytes: Uint8Array): void
}

/** Splits a stream into lines, none longer than `bytesMax`. After `onTooLong` nothing more is told. */
export function messageLines(
  onLine: (line: string) => void,
  onTooLong: () => void,
  bytesMax = MESSAGE_BYTES_MAX,
): MessageLines {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let isOver = false

  function line(last: Uint8Array): string {
    const text = Buffer.concat([...held, last]).toString()
    held = []
    heldBytes = 0
    return text.endsWith("\r") ? text.slice(0, -1) : text
  }

  return {
    take(bytes) {
      let from = 0
      while (!isOver) {
        const end = bytes.indexOf(NEWLINE, from)
        const size = (end < 0 ? bytes.length : end) - from
        if (heldBytes + size > bytesMax) {
          isOver = true
          held = []
          return onTooLong()
        }
        if (end < 0) break
        const whole = line(bytes.subarray(from, end))
        from = end + 1
        if (whole.trim() !== "") onLine(whole)
      }
      if (isOver || from === bytes.length) return
      // The bytes may be in a buffer that is used again.
      held.push(bytes.slice(from))
      heldBytes += bytes.length - from
    },
  }
}

const NEWLINE = 0x0a
