import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { SkeinError } from "@skein/protocol"

export interface KeyFileContent {
  readonly text: string
  /** Permissions, of what is a regular file. */
  readonly mode?: number | undefined
}

/** Longer than any key, also one that is a signed token. */
const BYTES_MAX = 64 * 1024

/**
 * Reads the file anew each time, and what is no regular file once: a pipe is empty the second time. `what` is what a person
 * calls it. Throws SkeinError `config.invalid` where it cannot be read.
 */
export function keyFileReader(path: string, bytesMax: number = BYTES_MAX, what = "key file"): () => KeyFileContent {
  let once: KeyFileContent | undefined
  return () => {
    if (once !== undefined) return once
    const content = read(path, bytesMax, what)
    if (content.mode === undefined) once = content
    return content
  }
}

function read(path: string, bytesMax: number, what: string): KeyFileContent {
  try {
    const fd = openSync(path, "r")
    try {
      // Of the file that is read, whatever lies at its path a moment later.
      const stats = fstatSync(fd)
      return { text: textOf(fd, bytesMax, `${what} ${path}`), mode: stats.isFile() ? stats.mode : undefined }
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    if (cause instanceof SkeinError) throw cause
    throw new SkeinError("config.invalid", `Cannot read the ${what} ${path}. Check the path and its permissions.`, {
      cause,
    })
  }
}

function textOf(fd: number, bytesMax: number, named: string): string {
  const bytes = Buffer.alloc(bytesMax)
  let size = 0
  for (let read = -1; read !== 0 && size < bytes.length; size += read)
    read = readSync(fd, bytes, size, bytes.length - size, null)
  if (size === bytes.length) throw new SkeinError("config.invalid", `The ${named} is too long for a key or a login.`)
  return bytes.toString("utf8", 0, size)
}
