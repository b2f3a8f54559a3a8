import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import type { LogReader } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { readIndex, readPoint } from "./beside.ts"
import type { Held } from "./held.ts"
import { lock } from "./lock.ts"
import { LogIndex, MARK_EVERY } from "./log-index.ts"
import { repaired } from "./repair.ts"
import { holdsAt, type ScanOptions, scan } from "./scan.ts"
import type { Upgrades } from "./versions.ts"
import { refusal, unreadable, unwritable } from "./world.ts"

/** Opens a log for reading. Undefined when nothing is there. */
export function openForReading(path: string): number | undefined {
  return opened(path, constants.O_RDONLY)
}

/** Opens and locks a log that is there, and moves a torn tail aside. Undefined when no session is there. */
export async function hold(path: string, upgrades?: Upgrades, reader?: LogReader): Promise<Held | undefined> {
  const fd = await openLocked(path)
  return fd === undefined ? undefined : await kept(fd, () => gathered(fd, path, upgrades, reader))
}

/** Opens and locks what has that name. Throws SkeinError `session.in_use`. */
export async function openLocked(path: string): Promise<number | undefined> {
  for (;;) {
    const fd = opened(path, constants.O_RDWR | constants.O_APPEND)
    if (fd === undefined) return undefined
    const locked = await kept(fd, async () => {
      await lockOrThrow(fd, path)
      return isStillAt(path, fd) ? fd : undefined
    })
    if (locked !== undefined) return locked
  }
}

/** Whoever had the lock may have deleted or replaced the file while we waited at the door. */
function isStillAt(path: string, fd: number): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino
}

/** What a locked log holds, from the newest point on, repaired and of this schema. Undefined when it holds nothing. */
async function gathered(
  fd: number,
  path: string,
  upgrades: Upgrades | undefined,
  reader: LogReader | undefined,
): Promise<Held | undefined> {
  const start = startOf(fd, path)
  const index = new LogIndex(start?.index)
  const onLine: ScanOptions["onLine"] = (event, ...place) => {
    index.add(event, ...place)
    reader?.take(event)
  }
  reader?.begin(start?.point)
  const isHeld = reader === undefined
  const found = await scan(fd, path, { ...start?.range, upgrades, onLine, isHeld })
  if (found.lines === 0) return undefined
  const own = { index, point: start?.point, keptSeq: start?.index.last.seq ?? 0 }
  const held = repaired(fd, path, found, [dirname(path)], own)
  if (found.version === undefined) return held
  const { migrated } = await import("./migrate.ts")
  const all = isHeld ? held : { ...held, events: (await scan(fd, path, { upgrades })).events }
  const made = await migrated(all, found.version)
  return isHeld ? made : { ...made, events: [] }
}

/** The nearest place at or before event `from` that the log's index knows, and the log still has. */
export function seek(fd: number, path: string, from: number): ScanOptions["after"] {
  if (from <= MARK_EVERY) return undefined
  const mark = readIndex(path, fd)?.marks.findLast(({ seq }) => seq <= from)
  return mark === undefined || !holdsAt(fd, mark) ? undefined : { lines: mark.seq - 1, bytes: mark.offset }
}

/** Where reading may begin; undefined for at the start. An index that is behind the point could not be kept up. */
function startOf(fd: number, path: string) {
  const cut = readPoint(path, fd)
  const index = cut === undefined ? undefined : readIndex(path, fd)
  if (cut === undefined || index === undefined || index.last.seq < cut.mark.seq) return undefined
  const { seq, offset } = cut.mark
  return { index, point: cut.point, range: { from: seq + 1, after: { lines: seq - 1, bytes: offset } } }
}

/**
 * Makes and locks a new log. Undefined when a session is there already. A file without one whole line is no session: a
 * crash before the first line left it, nobody was told of it, and it is taken over.
 */
export async function make(path: string, upgrades?: Upgrades): Promise<Held | undefined> {
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
    if (!isStillAt(path, file)) throw new SkeinError("session.exists", `Cannot create ${path}: it is being deleted.`)
    const found = await scan(file, path, { upgrades })
    return found.lines > 0 ? undefined : repaired(file, path, found, folders, { index: new LogIndex(), keptSeq: 0 })
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

const LOCK_TRIES = 10
const LOCK_LOOK_MS = 10

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
  // A program that is being started has for a moment what its starter has open, locks among it, until it is that program.
  let locked = await lock(fd)
  for (let tries = 0; locked.kind === "held" && tries < LOCK_TRIES; tries++) {
    await Bun.sleep(LOCK_LOOK_MS)
    locked = await lock(fd)
  }
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
