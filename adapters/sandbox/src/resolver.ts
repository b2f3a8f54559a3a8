import type { Stats } from "node:fs"
import { basename, dirname, join, normalize } from "node:path"
import type { Looks } from "./looks.ts"

export interface Resolved {
  readonly real: string
  readonly stats: Stats
}

/** Where paths lead and what is there, for many of the same folders: each folder is looked at once. */
export function resolver({ lstat, realpath }: Looks): (path: string) => Resolved | undefined {
  const known = new Map<string, Resolved | undefined>()
  const followed = (path: string): Resolved | undefined => {
    const real = realpath(path)
    const stats = real === undefined ? undefined : lstat(real)
    return real === undefined || stats === undefined ? undefined : { real, stats }
  }
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
