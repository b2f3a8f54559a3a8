import { constants } from "node:fs"
import { open } from "node:fs/promises"

/** What a person looks at without scrolling for long. */
const BYTES_MAX = 256_000

/** The beginning of a text file, or why there is none to show. Never rejects for what a file can be. */
export async function readText(path: string): Promise<{ readonly text: string } | { readonly note: string }> {
  try {
    const bytes = await beginning(path)
    if (bytes === undefined) return { note: "This is no file." }
    // No text holds a zero byte.
    if (bytes.includes(0)) return { note: "This is no text." }
    return { text: new TextDecoder().decode(bytes) }
  } catch (error) {
    if (error instanceof Error && "code" in error) return { note: error.message }
    throw error
  }
}

/** Opened without waiting: a pipe that nobody writes to is no file either. */
async function beginning(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) return undefined
    const buffer = new Uint8Array(BYTES_MAX)
    const { bytesRead } = await file.read(buffer, 0, BYTES_MAX, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
