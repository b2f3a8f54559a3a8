import { constants, type Stats } from "node:fs"
import { open, stat } from "node:fs/promises"

/** What the system refused: not there, not allowed, full. Anything else is a defect of ours. */
export function isRefusal(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && "code" in error
}

/** Undefined for what is not there, or may not be looked at. */
export async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

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
    if (isRefusal(error)) return undefined
    throw error
  }
}
