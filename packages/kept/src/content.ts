import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs"
import { isWithin } from "@skein/protocol"

export interface Content {
  readonly text: string
  /** Hex, of the bytes. */
  readonly sha256: string
}

/**
 * A regular file, whole; undefined for what is none, is not there, has more than `bytesMax`, or lies outside of `within` when links
 * are followed. Throws what the operating system refuses otherwise.
 */
export function contentOf(
  path: string,
  { within, bytesMax }: { readonly within: string | undefined; readonly bytesMax: number },
): Content | undefined {
  const real = realOf(path)
  if (real === undefined || (within !== undefined && !isWithin(real, realpathSync(within)))) return undefined
  const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > bytesMax) return undefined
    const bytes = new Uint8Array(stats.size)
    const content = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0))
    return { text: new TextDecoder().decode(content), sha256: Bun.CryptoHasher.hash("sha256", content, "hex") }
  } finally {
    closeSync(fd)
  }
}

/** A link may lead nowhere, and a file may be gone since it was listed. */
function realOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined
    throw error
  }
}
