import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { FILE_BYTES_MAX } from "../read/reading.ts"

export interface Stamp {
  readonly mtimeMs: number
  readonly size: number
}

/** Undefined for what is no file, and for one that is gone or may not be looked at. */
export function stampOf(root: string, path: string): Stamp | undefined {
  try {
    const found = lstatSync(join(root, path), { throwIfNoEntry: false })
    return found?.isFile() === true ? { mtimeMs: found.mtimeMs, size: found.size } : undefined
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** The text of a file of this place and no other: no link is followed, in the path or at its end, and nothing waits. */
export function sourceText(root: string, path: string): string | undefined {
  const whole = join(root, path)
  try {
    const file = openSync(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { size } = fstatSync(file)
      if (!fstatSync(file).isFile() || size > FILE_BYTES_MAX || placeOf(file, whole) !== whole) return undefined
      const bytes = new Uint8Array(size)
      const length = readSync(file, bytes, 0, size, 0)
      return textIn(bytes.subarray(0, length))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

function placeOf(file: number, path: string): string {
  return process.platform === "linux" ? readlinkSync(`/proc/self/fd/${file}`) : realpathSync(path)
}

/** Lines as long as these are made by a program for a program. */
const LINE_CHARS_USUAL_MAX = 400

function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8_000).includes(0)) return undefined
  const text = new TextDecoder().decode(bytes)
  const lines = (text.match(/\n/g)?.length ?? 0) + 1
  return text.length > 20_000 && text.length / lines > LINE_CHARS_USUAL_MAX ? undefined : text
}

function isRefusal(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error
}
