import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"

/** Of a folder: more files than this nobody reads the diagnostics of. */
const FILES_MAX = 200
const PASSED_OVER = new Set([
  "node_modules",
  ".git",
  ".venv",
  "venv",
  "dist",
  "build",
  "target",
  "vendor",
  "__pycache__",
])

/** Files stand for themselves, folders for what lies below them, without what others wrote and what is built. */
export async function filesBelow(paths: readonly string[]): Promise<{ files: readonly string[]; note?: string }> {
  const files: string[] = []
  const folders: string[] = []
  for (const path of paths) ((await isFolder(path)) ? folders : files).push(path)
  while (folders.length > 0 && files.length < FILES_MAX) {
    const folder = folders.shift() ?? ""
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) folders.push(join(folder, entry.name))
      else if (entry.isFile()) files.push(join(folder, entry.name))
    }
  }
  if (files.length <= FILES_MAX && folders.length === 0) return { files }
  return { files: files.slice(0, FILES_MAX), note: `Only ${FILES_MAX} files were looked at; name a smaller folder.` }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    // What is not there is told by whoever is asked about it.
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}
