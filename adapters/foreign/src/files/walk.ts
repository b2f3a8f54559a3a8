import { readdir } from "node:fs/promises"
import { join } from "node:path"

/** Files below a folder whose names end so. A folder that is not there holds none; links are not followed. */
export async function* filesBelow(folder: string, ending: string, depth = 6): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isFile() && entry.name.endsWith(ending)) yield path
    if (entry.isDirectory() && depth > 0) yield* filesBelow(path, ending, depth - 1)
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    // Programs that were never used here have no folder, and one that cannot be read is as good as none to a list.
    if (cause instanceof Error && "code" in cause) return []
    throw cause
  }
}
