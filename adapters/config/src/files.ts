import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs"
import { SkeinError } from "@skein/protocol"

/** What configuration needs of the file system. */
export interface ConfigFiles {
  /** Undefined when nothing is there. Throws SkeinError `config.invalid` for what cannot be read. */
  read(path: string): string | undefined
  exists(path: string): boolean
}

/** The files of this machine. A device, a FIFO or a huge file in the place of one is refused and never waited for. */
export function configFiles(): ConfigFiles {
  return { read, exists: isThere }
}

const BYTES_MAX = 1024 * 1024

function read(path: string): string | undefined {
  try {
    // Asking first: an exception for each file that is not there would cost more than all the rest of a start.
    return found(path) === undefined ? undefined : content(path)
  } catch (cause) {
    if (cause instanceof SkeinError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("config.invalid", `Cannot read ${path}: ${message}.`, { cause })
  }
}

function found(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // A file stands where a folder of the path would be: then this is not there either.
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined
    throw error
  }
}

/** What cannot be looked at, as in a folder above that may not be entered, is not there for us. */
function isThere(path: string): boolean {
  try {
    return found(path) !== undefined
  } catch (error) {
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}

function content(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new SkeinError("config.invalid", `Cannot read ${path}: it is no regular file.`)
    if (stats.size > BYTES_MAX) throw new SkeinError("config.invalid", `Cannot read ${path}: it is larger than 1 MB.`)
    return readFileSync(fd, "utf8")
  } finally {
    closeSync(fd)
  }
}
