import { lstat, opendir } from "node:fs/promises"
import { join } from "node:path"

const POLL_MS = 250
/** More of a folder are not looked at, so that a look stays cheap. */
const ENTRIES_MAX = 10_000

/**
 * Looks again and again, and tells which paths came, changed or went: of a folder its own entries, else the path itself, which
 * need not be there yet. Resolves to what ends it, once it has looked for the first time.
 */
export async function watchPath(path: string, onChange: (paths: readonly string[]) => void): Promise<() => void> {
  let known = await marks(path)
  let isOver = false
  let timer = setTimeout(look, POLL_MS)
  async function look(): Promise<void> {
    const seen = await marks(path)
    if (isOver) return
    const changed = differing(known, seen)
    known = seen
    if (changed.length > 0) onChange(changed)
    timer = setTimeout(look, POLL_MS)
    timer.unref()
  }
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** What tells one state of a path from the next, by path. Empty when there is nothing. */
async function marks(path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const own = await markOf(path)
  if (own === undefined) return found
  if (!own.isFolder) return found.set(path, own.mark)
  try {
    for await (const { name } of await opendir(path)) {
      if (found.size === ENTRIES_MAX) break
      const mark = await markOf(join(path, name))
      if (mark !== undefined) found.set(join(path, name), mark.mark)
    }
  } catch {
    // It went while it was looked at: the next look tells what is left.
  }
  return found
}

async function markOf(path: string): Promise<{ readonly isFolder: boolean; readonly mark: string } | undefined> {
  try {
    const { ino, size, mtimeMs, mode } = await lstat(path)
    const isFolder = (mode & 0o170000) === 0o040000
    return { isFolder, mark: `${ino} ${size} ${mtimeMs} ${mode}` }
  } catch {
    // Not there, or nothing that may be looked at: the same to whoever waits for it.
    return undefined
  }
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const came = [...after].filter(([path, mark]) => before.get(path) !== mark).map(([path]) => path)
  const went = [...before.keys()].filter((path) => !after.has(path))
  return [...came, ...went]
}
