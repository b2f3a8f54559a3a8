import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs"
import { isWithin } from "@skein/protocol"

/** What may be read of a folder, all together. A folder is a stranger's: it may hold anything, in any number. */
export interface Bounds {
  readonly fileBytesMax: number
  readonly bytesMax: number
  readonly foldersMax: number
  readonly filesMax: number
  readonly depthMax: number
}

export const BOUNDS: Bounds = {
  fileBytesMax: 4_000_000,
  bytesMax: 64_000_000,
  foldersMax: 2000,
  filesMax: 1000,
  depthMax: 5,
}

/** A file's content, or why it cannot be held to a hash; undefined when nothing is there. */
export type Content =
  | { readonly kind: "content"; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly kind: "strange"; readonly why: string }
  | undefined

/** Reads a folder by its rules: nothing outside of it, nothing that waits, no more than the bounds. Runs nothing. */
export class Look {
  readonly root: string
  readonly bounds: Bounds
  #bytes = 0

  constructor(root: string, bounds: Bounds = BOUNDS) {
    this.root = root
    this.bounds = bounds
  }

  /** Entries of a folder by name; empty when it cannot be read or is none. */
  entries(path: string): Dirent[] {
    try {
      return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    } catch (error) {
      if (isRefusal(error)) return []
      throw error
    }
  }

  /** Where a link leads, when that is in the folder; the path itself when it is none. */
  inside(path: string): string | undefined {
    try {
      const real = realpathSync(path)
      return isWithin(real, this.root) ? real : undefined
    } catch (error) {
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  isFolder(path: string): boolean {
    try {
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    } catch (error) {
      if (isRefusal(error)) return false
      throw error
    }
  }

  isFile(path: string): boolean {
    try {
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    } catch (error) {
      if (isRefusal(error)) return false
      throw error
    }
  }

  content(path: string): Content {
    try {
      const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      try {
        return this.#read(fd)
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { kind: "strange", why: `It cannot be read (${error.code}), so nobody knows what it would do.` }
    }
  }

  #read(fd: number): Content {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return { kind: "strange", why: "It is no regular file, so nobody knows what it would do." }
    const { fileBytesMax, bytesMax } = this.bounds
    if (stats.size > fileBytesMax || this.#bytes + stats.size > bytesMax)
      return {
        kind: "strange",
        why: `Its ${stats.size} bytes are more than are looked at, so nobody knows what it would do.`,
      }
    const bytes = Buffer.alloc(stats.size)
    let done = 0
    while (done < bytes.length) {
      const read = readSync(fd, bytes, done, bytes.length - done, done)
      if (read === 0) break
      done += read
    }
    this.#bytes += done
    return { kind: "content", bytes: bytes.subarray(0, done), isExecutable: (stats.mode & 0o111) !== 0 }
  }
}

/** What the operating system says no with. */
export function isRefusal(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string"
}
