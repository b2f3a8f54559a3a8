import { closeSync, fstatSync, lstatSync, readdirSync, readSync, type Stats } from "node:fs"
import { join } from "node:path"
import type { EventOf, EventType, SessionId, SessionSummary } from "@skein/protocol"
import { decodeLine } from "./line.ts"
import { openForReading } from "./open.ts"
import { sessionOf, sessionsDir } from "./paths.ts"
import { refusal, unreadable } from "./world.ts"

/**
 * The sessions, newest change first. There is no index that could be wrong: the newest files are read, as far as `limit`
 * asks. Of a file only its first line, first turn, changes and last line are decoded; the rest is searched as bytes.
 */
export async function listSessions(
  dataDir: string,
  filter: { readonly cwd?: string | undefined; readonly limit?: number | undefined },
  onUnreadable: (sentence: string) => void,
): Promise<readonly SessionSummary[]> {
  const limit = filter.limit ?? Number.POSITIVE_INFINITY
  const rows: SessionSummary[] = []
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let looked = 0
  for (const file of newestFirst(sessionsDir(dataDir))) {
    if (rows.length >= limit) break
    if (++looked % FILES_BETWEEN_YIELDS === 0) await new Promise(setImmediate)
    try {
      const row = summary(file, filter.cwd, piece)
      if (row !== undefined) rows.push(row)
    } catch (error) {
      onUnreadable(
        `Left ${file.path} out of the session list: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return rows.toSorted((a, b) => b.updatedAt - a.updatedAt)
}

interface LogFile {
  readonly sessionId: SessionId
  readonly path: string
  readonly modifiedMs: number
}

const PIECE_BYTES = 256 * 1024
const FILES_BETWEEN_YIELDS = 128
const PREVIEW_CHARS_MAX = 200

function newestFirst(folder: string): LogFile[] {
  const files: LogFile[] = []
  for (const name of names(folder)) {
    const sessionId = sessionOf(name)
    if (sessionId === undefined) continue
    const path = join(folder, name)
    const stats = existing(path)
    if (stats?.isFile() && stats.size > 0) files.push({ sessionId, path, modifiedMs: stats.mtimeMs })
  }
  return files.sort((a, b) => b.modifiedMs - a.modifiedMs)
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT") return []
    throw unreadable(folder, error)
  }
}

function existing(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

/** Undefined when it belongs to another folder, holds no whole line yet, or is gone. */
function summary(file: LogFile, cwd: string | undefined, piece: Buffer): SessionSummary | undefined {
  const fd = openForReading(file.path)
  if (fd === undefined) return undefined
  try {
    return gathered(fd, file, cwd, piece)
  } finally {
    closeSync(fd)
  }
}

function gathered(fd: number, file: LogFile, cwd: string | undefined, piece: Buffer): SessionSummary | undefined {
  const { size } = fstatSync(fd)
  let created: EventOf<"session.created"> | undefined
  let title: string | undefined
  let isArchived = false
  let preview: string | undefined
  let updatedAt = file.modifiedMs
  for (const { bytes, end } of pieces(fd, size, piece)) {
    if (created === undefined) {
      const first = decodeLine(bytes, 0, bytes.indexOf(0x0a))
      if (first.kind !== "event") throw new Error(`its first line cannot be read, because ${first.reason}`)
      if (first.event.type !== "session.created") throw new Error("its first line creates no session")
      created = first.event
      if (cwd !== undefined && created.workspace.path !== cwd) return undefined
      updatedAt = created.at
    }
    // Before the searches, which spend the lines they decode.
    updatedAt = lastLine(bytes, end) ?? updatedAt
    if (preview === undefined) {
      for (const turn of eventsOf(bytes, end, "turn.started")) {
        preview = textOf(turn)
        break
      }
    }
    for (const changed of eventsOf(bytes, end, "session.changed")) {
      title = changed.title ?? title
      isArchived = changed.isArchived ?? isArchived
    }
  }
  if (created === undefined) return undefined
  return {
    sessionId: file.sessionId,
    cwd: created.workspace.path,
    createdAt: created.at,
    updatedAt,
    ...(title === undefined ? {} : { title }),
    preview: preview ?? "",
    isInteractive: created.isInteractive,
    isArchived,
  }
}

/** Whole lines, piece by piece. A line longer than a piece gets a buffer of its own. */
function* pieces(fd: number, size: number, piece: Buffer): Generator<{ bytes: Buffer; end: number }> {
  let buffer = piece
  for (let position = 0; position < size; ) {
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, size - position), position)
    const end = buffer.subarray(0, read).lastIndexOf(0x0a) + 1
    if (end > 0) {
      yield { bytes: buffer, end }
      position += end
      buffer = piece
    } else if (read < buffer.length) {
      return
    } else {
      buffer = Buffer.allocUnsafe(buffer.length * 2)
    }
  }
}

/** When the last line was written. Undefined when it is damaged, or was decoded before. */
function lastLine(bytes: Buffer, end: number): number | undefined {
  const start = bytes.subarray(0, end - 1).lastIndexOf(0x0a) + 1
  const line = decodeLine(Buffer.from(bytes.subarray(start, end - 1)), 0, end - 1 - start)
  return line.kind === "event" ? line.event.at : undefined
}

/** Quotes inside a text are escaped on disk, so these bytes stand only where a member named type does. */
function* eventsOf<T extends EventType>(bytes: Buffer, end: number, type: T): Generator<EventOf<T>> {
  const needle = `"type":"${type}"`
  for (let found = bytes.indexOf(needle); found >= 0 && found < end; ) {
    const start = bytes.subarray(0, found).lastIndexOf(0x0a) + 1
    const stop = bytes.indexOf(0x0a, found)
    const line = decodeLine(bytes, start, stop)
    if (line.kind === "event" && isOfType(line.event, type)) yield line.event
    found = bytes.indexOf(needle, stop)
  }
}

function isOfType<T extends EventType>(event: { readonly type: string }, type: T): event is EventOf<T> {
  return event.type === type
}

function textOf(turn: EventOf<"turn.started">): string {
  const text = turn.input.flatMap((part) => (part.type === "text" ? [part.text] : ["[image]"])).join(" ")
  const line = text
    .slice(0, PREVIEW_CHARS_MAX * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > PREVIEW_CHARS_MAX ? `${line.slice(0, PREVIEW_CHARS_MAX - 1)}…` : line
}
