import { fstatSync, readSync } from "node:fs"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { decodeLine, LINE_BYTES_MAX, type Line, TOO_LONG } from "./line.ts"
import type { Mark } from "./recent-lines.ts"
import type { Upgrades } from "./versions.ts"

export interface Scan {
  readonly events: readonly DurableEvent[]
  /** Lines that are whole, those before `from` included; the last `seq`. */
  readonly lines: number
  /** Bytes up to the end of the last whole line; what is after them is a torn tail. */
  readonly bytes: number
  readonly bytesTorn: number
  /** The oldest schema version among the events, where one is older than this skein's. */
  readonly version?: number | undefined
}

export interface ScanOptions {
  /** The first `seq` wanted; earlier lines are passed by unread. 1 when not given. */
  readonly from?: number | undefined
  /** Where to begin: after so many lines, which take so many bytes. At the start when not given. */
  readonly after?: { readonly lines: number; readonly bytes: number } | undefined
  readonly upgrades?: Upgrades | undefined
  /** Whether the events are gathered for the caller; they are when it is not given. */
  readonly isHeld?: boolean | undefined
  /** Told of each event that is read: where its line starts, its length with the newline, and its checksum. */
  readonly onLine?: ((event: DurableEvent, offset: number, bytes: number, sum: number) => void) | undefined
}

/**
 * Reads the events of an open log. Line k holds seq k.
 * Only a last line may be torn (cut short, or damaged); damage before it is SkeinError `session.corrupt`.
 * Yields to others between pieces, so that a log of any size stops nobody's stream.
 */
export async function scan(fd: number, path: string, options: ScanOptions = {}): Promise<Scan> {
  const { from = 1, after, upgrades, onLine, isHeld = true } = options
  const size = fstatSync(fd).size
  const events: DurableEvent[] = []
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(Math.max(size - (after?.bytes ?? 0), 0), PIECE_BYTES))
  let held = 0
  let position = after?.bytes ?? 0
  let lines = after?.lines ?? 0
  let bytes = after?.bytes ?? 0
  let version: number | undefined
  let damage: Line | undefined

  for (;;) {
    if (held === buffer.length) {
      if (held >= LINE_BYTES_MAX) throw corrupt(path, lines + 1, TOO_LONG)
      buffer = grown(buffer, held)
    }
    const read = readSync(fd, buffer, held, buffer.length - held, position)
    if (read === 0) break
    position += read
    held += read
    let start = 0
    for (let end = newline(buffer, start, held); end >= 0; end = newline(buffer, start, held)) {
      if (damage !== undefined) throw corrupt(path, lines + 1, damage)
      const line = lines + 1 < from ? SKIPPED : decodeLine(buffer, start, end, lines + 1, upgrades)
      if (line.kind === "damaged") damage = line
      else if (line.kind !== "event" && line.kind !== "skipped") throw corrupt(path, lines + 1, line)
      else {
        if (line.kind === "event") {
          if (isHeld) events.push(line.event)
          onLine?.(line.event, bytes, end + 1 - start, line.sum)
          if (line.version !== undefined) version = Math.min(version ?? line.version, line.version)
        }
        lines++
        bytes += end + 1 - start
      }
      start = end + 1
    }
    buffer.copyWithin(0, start, held)
    held -= start
    if (position >= size) break
    await new Promise(setImmediate)
  }
  return { events, lines, bytes, bytesTorn: position - bytes, version }
}

/** Whether the log has that event at that place: the line is read and its checksum made anew. */
export function holdsAt(fd: number, mark: Mark, upgrades?: Upgrades): boolean {
  const bytes = Buffer.allocUnsafe(mark.bytes)
  if (readSync(fd, bytes, 0, mark.bytes, mark.offset) !== mark.bytes || bytes.indexOf(0x0a) !== mark.bytes - 1)
    return false
  const line = decodeLine(bytes, 0, mark.bytes - 1, mark.seq, upgrades)
  return line.kind === "event" && line.sum === mark.sum
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
  if (found.kind === "older") {
    return new SkeinError(
      "session.corrupt",
      `Cannot read line ${line} of ${path}: ${reason}. Open it with the skein that wrote it.`,
    )
  }
  const cure =
    line === 1
      ? "Nothing before it can be kept: restore the file from a backup."
      : `To go on with what is before it: cp '${path}' '${path}.damaged' && head -n ${line - 1} '${path}.damaged' > '${path}'`
  return new SkeinError("session.corrupt", `Cannot read line ${line} of ${path}: ${reason}. ${cure}`)
}
