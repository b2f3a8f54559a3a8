import { readSync } from "node:fs"
import { decodeLine, type Line } from "./line.ts"

/** The last whole line of a file, and where it ends. A kill may have come between a line and its newline. */
export interface Last {
  readonly line: Line
  readonly end: number
  readonly isEnded: boolean
}

const FIRST_LOOK_BYTES = 64 * 1024

/** Undefined when the first `size` bytes hold no whole line. A torn tail is passed over, however it came about. */
export function lastLine(fd: number, size: number): Last | undefined {
  for (let look = Math.min(FIRST_LOOK_BYTES, size); ; look = Math.min(look * 16, size)) {
    const start = size - look
    const found = lastIn(bytesAt(fd, start, look), start, start === 0)
    if (found !== undefined || start === 0) return found
  }
}

function lastIn(bytes: Buffer, start: number, isFromStart: boolean): Last | undefined {
  const open = decodeLine(bytes.toString("utf8", bytes.lastIndexOf(NEWLINE) + 1))
  if (open !== undefined) return { line: open, end: start + bytes.length, isEnded: false }
  for (let end = bytes.lastIndexOf(NEWLINE); end >= 0; end = end === 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1)) {
    const before = end === 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1)
    if (before < 0 && !isFromStart) return undefined
    const line = decodeLine(bytes.toString("utf8", before + 1, end))
    if (line !== undefined) return { line, end: start + end + 1, isEnded: true }
  }
  return undefined
}

export function bytesAt(fd: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const read = readSync(fd, bytes, done, length - done, start + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

const NEWLINE = 0x0a
