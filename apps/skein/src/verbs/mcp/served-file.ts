import { constants, realpathSync } from "node:fs"
import { open } from "node:fs/promises"
import { sep } from "node:path"

/** The bytes of a file below one of the folders, links followed first; undefined for anything else, and for more than `bytesMax`. */
export async function servedFile(
  path: string,
  roots: readonly string[],
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const real = realpathSync(path)
  if (!roots.some((root) => real.startsWith(`${realpathSync(root)}${sep}`))) return undefined
  // A pipe that nobody writes to would be waited for; what is opened is what is looked at.
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size > bytesMax) return undefined
    const bytes = new Uint8Array(stat.size)
    const { bytesRead } = await file.read(bytes, 0, stat.size, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
