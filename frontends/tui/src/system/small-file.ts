import { constants } from "node:fs"
import { open } from "node:fs/promises"

/** The bytes of a regular file; undefined when it is none, larger than that, or not to be read. A FIFO in its place is not waited for. */
export async function smallFile(path: string, bytesMax: number): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = await file.stat()
      return stats.isFile() && stats.size <= bytesMax ? await file.readFile() : undefined
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
