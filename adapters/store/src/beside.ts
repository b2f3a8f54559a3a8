import { closeSync, constants, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs"
import type { ReplayPoint } from "@skein/core/ports"
import { EVENT_VERSION } from "@skein/protocol"
import { sealed, unsealed } from "./line.ts"
import { INDEX_VERSION, type KeptIndex, type LogIndex } from "./log-index.ts"
import { indexFile, pointFile } from "./paths.ts"
import type { Mark } from "./recent-lines.ts"
import { holdsAt } from "./scan.ts"

/**
 * What is kept beside a log so that it need not be read whole: an index, and the core's own cut. Neither is the truth.
 * One that is missing, damaged, of another version or of another log is not used, and made anew by the next writer: it
 * counts only where the log still has, at its place, the very line it was made after.
 */
export function readIndex(path: string, log: number): KeptIndex | undefined {
  const kept = read(indexFile(path))
  if (!isIndex(kept) || kept.v !== INDEX_VERSION || kept.schema !== EVENT_VERSION) return undefined
  return kept.inode === fstatSync(log).ino && holdsAt(log, kept.last) ? kept : undefined
}

/** The core's cut, and the line it was made after. Undefined as for an index. */
export function readPoint(path: string, log: number): { point: ReplayPoint; mark: Mark } | undefined {
  const kept = read(pointFile(path))
  if (!isPoint(kept) || kept.v !== POINT_VERSION || kept.schema !== EVENT_VERSION) return undefined
  if (kept.inode !== fstatSync(log).ino || !holdsAt(log, kept.mark)) return undefined
  return { point: { seq: kept.mark.seq, state: kept.state }, mark: kept.mark }
}

/** Keeps them for one log. Called by who holds its lock, so nobody else writes them. */
export function keeper(path: string, log: number, index: LogIndex, keptSeq: number) {
  const inode = fstatSync(log).ino
  let indexedSeq = keptSeq
  const keepIndex = () => {
    const kept = index.kept(inode)
    if (kept !== undefined && replaced(indexFile(path), sealed(kept))) indexedSeq = index.seq
  }
  return {
    savePoint(point: ReplayPoint): void {
      const mark = index.mark(point.seq)
      if (mark === undefined) return
      keepIndex()
      replaced(pointFile(path), sealed({ v: POINT_VERSION, schema: EVENT_VERSION, inode, mark, state: point.state }))
    },
    close(): void {
      if (index.seq - indexedSeq >= EVENTS_BETWEEN_INDEXES) keepIndex()
    },
  }
}

interface KeptPoint {
  readonly v: number
  readonly schema: number
  readonly inode: number
  readonly mark: Mark
  readonly state: unknown
}

const POINT_VERSION = 1
const EVENTS_BETWEEN_INDEXES = 512
/** A larger one costs more to read than the log. */
const BYTES_MAX = 256 * 1024 * 1024

function read(path: string): unknown {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > BYTES_MAX) return undefined
    const bytes = Buffer.allocUnsafe(stats.size)
    for (let done = 0, got = 1; done < bytes.length && got > 0; done += got) {
      got = readSync(fd, bytes, done, bytes.length - done, done)
    }
    return unsealed(bytes)
  } catch (_unusable) {
    // Nobody hears of it: the log says the same, only slower.
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Old or new, never half; not flushed, as a file that a power cut damaged is known by its checksum. */
function replaced(path: string, content: string): boolean {
  const temporary = `${path}.tmp`
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    const fd = openSync(temporary, flags, 0o600)
    try {
      const bytes = Buffer.from(content)
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, path)
    return true
  } catch (_refused) {
    // Nobody hears of it: only speed is lost, and a disk that is full is told of by the log's own next append.
    rmSync(temporary, { recursive: true, force: true })
    return false
  }
}

function isIndex(value: unknown): value is KeptIndex {
  return isObject(value) && isObject(value.last) && isObject(value.unsettled) && Array.isArray(value.marks)
}

function isPoint(value: unknown): value is KeptPoint {
  return isObject(value) && isObject(value.mark) && "state" in value
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null
}
