import { lstatSync, realpathSync, type Stats } from "node:fs"
import { basename, dirname, join, normalize } from "node:path"

/** Undefined when nothing is there, or nothing that this user can reach. */
export function lstat(path: string): Stats | undefined {
  return reach(() => lstatSync(path, { throwIfNoEntry: false }))
}

/** Links resolved; undefined when it leads nowhere that this user can reach. */
export function realpath(path: string): string | undefined {
  // Most of what is asked about is not there, and an exception costs more than a look.
  return lstat(path) === undefined ? undefined : reach(() => realpathSync(path))
}

export interface Resolved {
  readonly real: string
  readonly stats: Stats
}

/** Where paths lead and what is there, for many of the same folders: each folder is looked at once. */
export function resolver(): (path: string) => Resolved | undefined {
  const known = new Map<string, Resolved | undefined>()
  const resolve = (path: string): Resolved | undefined => {
    if (known.has(path)) return known.get(path)
    const folder = path === "/" ? undefined : resolve(dirname(path))
    const stats = path === "/" || folder !== undefined ? lstat(path) : undefined
    const isPlain = stats !== undefined && !stats.isSymbolicLink()
    const found = isPlain ? { real: folder === undefined ? "/" : join(folder.real, basename(path)), stats } : undefined
    const resolved = found ?? (stats === undefined ? undefined : followed(path))
    known.set(path, resolved)
    return resolved
  }
  return (path) => (path === normalize(path) ? resolve(path) : followed(path))
}

function followed(path: string): Resolved | undefined {
  const real = realpath(path)
  const stats = real === undefined ? undefined : lstat(real)
  return real === undefined || stats === undefined ? undefined : { real, stats }
}

/** Codes that mean "not there for us"; everything else is a surprise and goes on as one. */
const UNREACHABLE = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"])

export function reach<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (UNREACHABLE.has(String((error as NodeJS.ErrnoException).code))) return undefined
    throw error
  }
}
