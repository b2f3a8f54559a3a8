import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs"
import { LockRefused } from "@skein/kept"
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

/** SkeinError `log.unwritable` for a refusal of the operating system, which names the file and the cure; else the cause itself. */
export function unwritable(path: string, cause: unknown): unknown {
  if (cause instanceof LockRefused) {
    const cure = cause.kind === "held" ? "Try again." : "Put it on a file system that has locks."
    return new SkeinError("config.invalid", `Cannot change ${path}: ${cause.message}. ${cure}`, { cause })
  }
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
