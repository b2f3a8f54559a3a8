import { lstatSync, readdirSync, readSync, type Stats } from "node:fs"
import { sep } from "node:path"
import type { SessionId } from "@skein/protocol"
import { LINE_BYTES_MAX, TOO_LONG } from "../line.ts"
import { sessionOf, sessionsDir } from "../paths.ts"
import { refusal, unreadable } from "../world.ts"

/** A log as its folder shows it: unchanged while these are. */
export interface LogFile {
  readonly sessionId: SessionId
  readonly path: string
  readonly inode: number
  readonly size: number
  readonly modifiedMs: number
}

/** All logs that hold something. One directory read, one look at each. */
export function logFiles(dataDir: string): LogFile[] {
  const folder = sessionsDir(dataDir)
  const files: LogFile[] = []
  for (const name of names(folder)) {
    const sessionId = sessionOf(name)
    if (sessionId === undefined) continue
    // Not join: it takes as long as the look itself, ten thousand times.
    const path = folder + sep + name
    const stats = statsAt(path)
    if (stats?.isFile() && stats.size > 0)
      files.push({ sessionId, path, inode: stats.ino, size: stats.size, modifiedMs: stats.mtimeMs })
  }
  return files
}

export function hasLogs(dataDir: string): boolean {
  return names(sessionsDir(dataDir)).some((name) => sessionOf(name) !== undefined)
}

function statsAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw unreadable(path, error)
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT") return []
    throw unreadable(folder, error)
  }
}

export const PIECE_BYTES = 256 * 1024

/** Whole lines of [from, size), piece by piece. A line longer than a piece gets a buffer of its own; throws for none. */
export function* pieces(
  fd: number,
  from: number,
  size: number,
  piece: Buffer,
): Generator<{ readonly bytes: Buffer; readonly end: number; readonly offset: number }> {
  let buffer = piece
  for (let position = from; position < size; ) {
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, size - position), position)
    const end = buffer.subarray(0, read).lastIndexOf(0x0a) + 1
    if (end > 0) {
      yield { bytes: buffer, end, offset: position }
      position += end
      buffer = piece
    } else if (read < buffer.length) {
      return
    } else {
      if (buffer.length >= LINE_BYTES_MAX) throw new Error(`a line cannot be read, because ${TOO_LONG.reason}`)
      buffer = Buffer.allocUnsafe(buffer.length * 2)
    }
  }
}
