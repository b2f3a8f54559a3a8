import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs"
import { isWithin } from "@skein/protocol"

/** What a path gave. `start` is the beginning of a regular file whose whole size is `size` bytes. */
export type Reading =
  | { readonly kind: "start"; readonly path: string; readonly start: Uint8Array; readonly size: number }
  | { readonly kind: "refused"; readonly reason: string }

/**
 * The first bytes of a regular file. Undefined when nothing is there. Never opens, and so never waits for, a FIFO or a
 * device. With `within`, what a link leads to must lie in one of these folders (absolute, without links): it is resolved
 * first, opened as resolved, and what was opened is compared, so that a path swapped meanwhile gains nothing.
 */
export function readStart(path: string, bytesMax: number, within?: readonly string[]): Reading | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
    const real = realpathSync(path)
    if (within !== undefined && !within.some((folder) => isWithin(real, folder))) {
      return { kind: "refused", reason: `it leads out of ${within.join(" and ")}` }
    }
    if (!statSync(real).isFile()) return NOT_A_FILE
    return readOpened(real, bytesMax)
  } catch (error) {
    return refusalOf(error)
  }
}

/** Whether something of this name is there, whatever it is. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    // Something that cannot be looked at is there to be refused.
    return refusalOf(error) !== undefined
  }
}

const NOT_A_FILE = { kind: "refused", reason: "it is no regular file" } as const
const SAFELY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

function readOpened(real: string, bytesMax: number): Reading {
  const fd = openSync(real, SAFELY)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return NOT_A_FILE
    if (openedPath(fd, real) !== real) return { kind: "refused", reason: "it was replaced while it was opened" }
    const buffer = new Uint8Array(Math.min(stats.size, bytesMax))
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, null)
    }
    return { kind: "start", path: real, start: buffer.subarray(0, length), size: stats.size }
  } finally {
    closeSync(fd)
  }
}

/** Where the kernel says that an open file is; elsewhere the path is resolved once more. */
function openedPath(fd: number, real: string): string {
  return process.platform === "linux" ? readlinkSync(`/proc/self/fd/${fd}`) : realpathSync(real)
}

/** A file stands where a folder of the path would be, or the name is longer than any: then nothing is there. */
const ABSENT = ["ENOTDIR", "ENAMETOOLONG"]
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "it is a link to nothing",
  ELOOP: "its links lead in a circle",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
}

function refusalOf(error: unknown): Reading | undefined {
  if (!(error instanceof Error) || !("code" in error)) throw error
  const code = String(error.code)
  if (ABSENT.includes(code)) return undefined
  return { kind: "refused", reason: WORDS[code] ?? `it cannot be read (${code})` }
}
