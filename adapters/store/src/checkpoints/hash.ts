import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs"
import { refusal } from "../world.ts"

/** Never waits for the writer of a FIFO, never follows a last link. */
export const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/** SHA-256, hex, of a file that may be larger than memory. */
export function sha256OfFile(path: string): string {
  const fd = openSync(path, READ)
  try {
    const hasher = new Bun.CryptoHasher("sha256")
    const piece = Buffer.allocUnsafe(1_000_000)
    for (;;) {
      const read = readSync(fd, piece, 0, piece.length, null)
      if (read === 0) return hasher.digest("hex")
      hasher.update(piece.subarray(0, read))
    }
  } finally {
    closeSync(fd)
  }
}

/** The bytes of a file in the store; undefined for what is gone, cannot be read, or is a folder, link or pipe. */
export function regularContent(path: string): Buffer | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, READ)
    return fstatSync(fd).isFile() ? readFileSync(fd) : undefined
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return undefined // unreadable is as good as gone: whoever asks has a sentence for it
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
