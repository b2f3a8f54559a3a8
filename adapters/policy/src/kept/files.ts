import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"

const BYTES_MAX = 4 * 1024 * 1024

/** What tells one state of a file from another; undefined when it is not there. */
export function stampOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
    return stats === undefined ? undefined : `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`
  } catch (error) {
    // A file stands where a folder of the path would be.
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined
    throw unreadable(path, error)
  }
}

/** The text of a regular file; a device, a FIFO or a huge file in its place is refused, never waited for. Throws SkeinError. */
export function readText(path: string): string {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new SkeinError("config.invalid", `Cannot read ${path}: it is no regular file.`)
    if (stats.size > BYTES_MAX) throw new SkeinError("config.invalid", `Cannot read ${path}: it is larger than 4 MB.`)
    return readFileSync(fd, "utf8")
  } catch (cause) {
    throw cause instanceof SkeinError ? cause : unreadable(path, cause)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Old or new, never mixed: written beside, flushed, put in its place. For its owner's eyes only. */
export function writeText(path: string, text: string): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const beside = `${path}.${crypto.randomUUID()}`
  const fd = openSync(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
    fsyncSync(fd)
    closeSync(fd)
    renameSync(beside, path)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cause
  }
  const above = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(above)
  } finally {
    closeSync(above)
  }
}

/** SkeinError `log.unwritable` for a refusal of the operating system, which names the file and the cure; else the cause itself. */
export function unwritable(path: string, cause: unknown): unknown {
  if (cause instanceof SkeinError || !(cause instanceof Error && "syscall" in cause && "code" in cause)) return cause
  const cure = "Check who owns the folder and whether it can be written, or set SKEIN_HOME to another."
  return new SkeinError("log.unwritable", `Cannot write ${path}: ${cause.message}. Nothing was changed. ${cure}`, {
    cause,
  })
}

function unreadable(path: string, cause: unknown): SkeinError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new SkeinError("config.invalid", `Cannot read ${path}: ${message}.`, { cause })
}
