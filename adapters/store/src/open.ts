import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import type { LogPort } from "@skein/core/ports"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import type { HeldFile } from "./append.ts"
import { lock } from "./lock.ts"
import { type Scan, scan } from "./scan.ts"
import { refusal, unreadable, unwritable } from "./world.ts"

export interface Held {
  readonly file: HeldFile
  readonly events: readonly DurableEvent[]
  readonly repaired: LogPort["repaired"]
}

/** Opens a log for reading. Undefined when nothing is there. */
export function openForReading(path: string): number | undefined {
  return opened(path, constants.O_RDONLY)
}

/** Opens and locks a log that is there, and moves a torn tail aside. Undefined when no session is there. */
export async function hold(path: string): Promise<Held | undefined> {
  const fd = opened(path, constants.O_RDWR | constants.O_APPEND)
  if (fd === undefined) return undefined
  return await kept(fd, async () => {
    await lockOrThrow(fd, path)
    // Whoever had it may have deleted it while we waited at the door.
    if (fstatSync(fd).nlink === 0) return undefined
    const held = await repaired(fd, path, await scan(fd, path), [dirname(path)])
    return held.events.length === 0 ? undefined : held
  })
}

/**
 * Makes and locks a new log. Undefined when a session is there already. A file without one whole line is no session: a
 * crash before the first line left it, nobody was told of it, and it is taken over.
 */
export async function make(path: string): Promise<Held | undefined> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT
  let folders = [dirname(path)]
  let fd = opened(path, flags)
  if (fd === undefined) {
    folders = madeFolder(dirname(path))
    fd = opened(path, flags)
  }
  if (fd === undefined) throw new SkeinError("log.unwritable", `Cannot create ${path}: its folder is gone again.`)
  const file = fd
  return await kept(file, async () => {
    const locked = await lock(file)
    if (locked.kind === "held") return undefined
    if (locked.kind === "unsupported") throw unlockable(path, locked.reason)
    if (fstatSync(file).size === 0)
      return { file: { fd: file, path, lines: 0, bytes: 0, folders }, events: [], repaired: undefined }
    const found = await scan(file, path)
    return found.lines > 0 ? undefined : await repaired(file, path, found, folders)
  })
}

/** O_NONBLOCK, so that a FIFO in the place of a log is refused and not waited for. Bun adds O_CLOEXEC. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK

function opened(path: string, flags: number): number | undefined {
  try {
    const fd = openSync(path, flags | SAFELY, 0o600)
    if (fstatSync(fd).isFile()) return fd
    closeSync(fd)
  } catch (cause) {
    const code = refusal(cause)
    if (code === "ENOENT") return undefined
    if (code !== "ELOOP" && code !== "ENXIO" && code !== "EISDIR") {
      throw flags === constants.O_RDONLY ? unreadable(path, cause) : unwritable(path, cause)
    }
  }
  throw new SkeinError("session.corrupt", `Cannot open ${path}: it is no regular file. Move it away and try again.`)
}

/** Closes the file, and with it frees the lock, when nothing comes of it. */
async function kept<T>(fd: number, use: () => Promise<T | undefined>): Promise<T | undefined> {
  let result: T | undefined
  try {
    result = await use()
  } finally {
    if (result === undefined) closeSync(fd)
  }
  return result
}

async function lockOrThrow(fd: number, path: string): Promise<void> {
  const locked = await lock(fd)
  if (locked.kind === "locked") return
  if (locked.kind === "unsupported") throw unlockable(path, locked.reason)
  const who = locked.pid === undefined ? "another process" : `PID ${locked.pid}`
  throw new SkeinError(
    "session.in_use",
    `Cannot open ${path}: in use by ${who}. End that skein first, or fork the session.`,
  )
}

function unlockable(path: string, reason: string): SkeinError {
  return new SkeinError("log.unwritable", `Cannot lock ${path}: ${reason}. Set SKEIN_HOME to a folder on a local disk.`)
}

/** Moves what is after the last whole line into a file beside it, so that no line is ever glued onto it. */
async function repaired(fd: number, path: string, found: Scan, folders: readonly string[]): Promise<Held> {
  const file = { fd, path, lines: found.lines, bytes: found.bytes, folders }
  if (found.bytesTorn === 0) return { file, events: found.events, repaired: undefined }
  try {
    const keptAt = setAside(fd, path, found.bytes)
    ftruncateSync(fd, found.bytes)
    return { file, events: found.events, repaired: { bytesDropped: found.bytesTorn, keptAt } }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function setAside(fd: number, path: string, from: number): string {
  const [aside, keptAt] = openAside(path)
  try {
    const piece = Buffer.allocUnsafe(64 * 1024)
    for (let at = from, read = readSync(fd, piece, 0, piece.length, at); read > 0; ) {
      for (let done = 0; done < read; ) done += writeSync(aside, piece, done, read - done)
      at += read
      read = readSync(fd, piece, 0, piece.length, at)
    }
    fsyncSync(aside)
  } finally {
    closeSync(aside)
  }
  return keptAt
}

function openAside(path: string): [number, string] {
  for (let n = 1; ; n++) {
    const keptAt = `${path}.torn-${n}`
    try {
      return [
        openSync(keptAt, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600),
        keptAt,
      ]
    } catch (cause) {
      if (refusal(cause) !== "EEXIST") throw cause
    }
  }
}

/** Makes a folder for its owner alone. Answers every folder that got or gets an entry by it. */
function madeFolder(path: string): string[] {
  let first: string | undefined
  try {
    first = mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unwritable(path, cause)
  }
  const folders = [path]
  for (let at = path; first !== undefined && at.length >= first.length; at = dirname(at)) folders.push(dirname(at))
  return folders
}
