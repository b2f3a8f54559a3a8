import { fstatSync, readSync } from "node:fs"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { decodeLine, type Line } from "./line.ts"

export interface Scan {
  readonly events: readonly DurableEvent[]
  /** Lines that are whole, those before `from` included; the last `seq`. */
  readonly lines: number
  /** Bytes up to the end of the last whole line; what is after them is a torn tail. */
  readonly bytes: number
  readonly bytesTorn: number
}

/**
 * Reads the events of an open log from `from` on. Line k holds seq k, so earlier lines are passed by unread.
 * Only a last line may be torn (cut short, or damaged); damage before it is SkeinError `session.corrupt`.
 * Yields to others between pieces, so that a log of any size stops nobody's stream.
 */
export async function scan(fd: number, path: string, from = 1): Promise<Scan> {
  const size = fstatSync(fd).size
  const events: DurableEvent[] = []
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(size, PIECE_BYTES))
  let held = 0
  let position = 0
  let lines = 0
  let bytes = 0
  let damage: Line | undefined

  for (;;) {
    if (held === buffer.length) buffer = grown(buffer, held)
    const read = readSync(fd, buffer, held, buffer.length - held, position)
    if (read === 0) break
    position += read
    held += read
    let start = 0
    for (let end = newline(buffer, start, held); end >= 0; end = newline(buffer, start, held)) {
      if (damage !== undefined) throw corrupt(path, lines + 1, damage)
      const line = lines + 1 < from ? SKIPPED : decodeLine(buffer, start, end, lines + 1)
      if (line.kind === "damaged") damage = line
      else if (line.kind === "misplaced" || line.kind === "newer") throw corrupt(path, lines + 1, line)
      else {
        lines++
        bytes += end + 1 - start
        if (line.kind === "event") events.push(line.event)
      }
      start = end + 1
    }
    buffer.copyWithin(0, start, held)
    held -= start
    if (position >= size) break
    await new Promise(setImmediate)
  }
  return { events, lines, bytes, bytesTorn: position - bytes }
}

const PIECE_BYTES = 1024 * 1024
const SKIPPED = { kind: "skipped" } as const

function newline(buffer: Buffer, start: number, end: number): number {
  const found = buffer.indexOf(0x0a, start)
  return found < end ? found : -1
}

function grown(buffer: Buffer, held: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, 4096))
  buffer.copy(larger, 0, 0, held)
  return larger
}

function corrupt(path: string, line: number, found: Line): SkeinError {
  const reason = found.kind === "event" ? "" : found.reason
  if (found.kind === "newer") {
    return new SkeinError("session.corrupt", `Cannot read line ${line} of ${path}: ${reason}. Update skein to open it.`)
  }
  const cure =
    line === 1
      ? "Nothing before it can be kept: restore the file from a backup."
      : `To go on with what is before it: cp '${path}' '${path}.damaged' && head -n ${line - 1} '${path}.damaged' > '${path}'`
  return new SkeinError("session.corrupt", `Cannot read line ${line} of ${path}: ${reason}. ${cure}`)
}
