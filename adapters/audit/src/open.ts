import { closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, type Stats } from "node:fs"
import { dirname } from "node:path"
import { refusal } from "./world.ts"

const { O_RDWR, O_RDONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants

/** Opens the record for appending, made when it is not there: for its owner alone, never through a link. Throws. */
export function openRecord(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return regular(openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o600), path, ({ mode }, fd) => {
    if ((mode & 0o077) !== 0) fchmodSync(fd, 0o600)
  })
}

/** Opens a file of the record for reading. Throws. */
export function openFull(path: string): number {
  return regular(openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), path)
}

/** The same, or undefined when it is not there. */
export function openIfThere(path: string): number | undefined {
  try {
    return openFull(path)
  } catch (error) {
    if (refusal(error) === "ENOENT") return undefined
    throw error
  }
}

function regular(fd: number, path: string, use?: (stats: Stats, fd: number) => void): number {
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw Object.assign(new Error(`${path} is no regular file; move it away`), { code: "EFTYPE" })
    use?.(stats, fd)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}
