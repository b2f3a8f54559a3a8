import { chmodSync, type Stats } from "node:fs"

/** A command may have taken our own right to read what it wrote: it is given back for the time of the look. */
export async function readable<T>(path: string, stats: Stats, use: () => Promise<T>): Promise<T> {
  const needed = stats.isDirectory() ? 0o500 : 0o400
  if ((stats.mode & needed) === needed || process.getuid?.() === 0) return await use()
  chmodSync(path, (stats.mode & PERMISSIONS) | needed)
  try {
    return await use()
  } finally {
    chmodSync(path, stats.mode & PERMISSIONS)
  }
}

export const PERMISSIONS = 0o7777
