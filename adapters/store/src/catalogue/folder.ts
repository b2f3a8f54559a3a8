import { realpathSync, type Stats, statSync } from "node:fs"

/** A folder itself, whatever it is called. */
export interface Folder {
  readonly inode: number
  readonly bornMs: number
}

/**
 * Knows the sessions of a folder: made under this path, or in this very folder before it was renamed or moved, or under
 * a path that is now a link to it.
 */
export function folderMatch(
  cwd: string,
): (place: { readonly cwd: string; readonly folder?: Folder | undefined }) => boolean {
  const here = existing(cwd)
  const paths = new Set([cwd, here === undefined ? cwd : realpathSync(cwd)])
  const known = new Map<string, boolean>()
  const leadsHere = (path: string) => {
    const stats = existing(path)
    return stats?.ino === here?.ino && stats?.dev === here?.dev
  }
  return ({ cwd: path, folder }) => {
    if (paths.has(path)) return true
    if (here === undefined) return false
    if (folder !== undefined && folder.inode === here.ino && isSameTime(folder.bornMs, here.birthtimeMs)) return true
    const isKnown = known.get(path) ?? leadsHere(path)
    known.set(path, isKnown)
    return isKnown
  }
}

function existing(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (_unreachable) {
    // Nobody hears of it: a path that cannot be looked at is not this folder.
    return undefined
  }
}

/** Whole milliseconds: whoever recorded it may have rounded. */
function isSameTime(one: number, other: number): boolean {
  return Math.abs(one - other) < 1
}
