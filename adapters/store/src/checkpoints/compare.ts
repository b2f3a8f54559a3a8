import type { FileVersion, PathChange } from "@skein/protocol"
import { breather } from "./breather.ts"
import { type Entry, isSame } from "./entry.ts"
import type { Scan } from "./scan.ts"

/**
 * What differs between two looks at one tree, sorted by path. What either of them did not look at is left out.
 * `sha256Of` is asked for files that were too large to keep; it answers "" for those too large to read.
 */
export async function changesBetween(
  before: Scan,
  after: Scan,
  sha256Of: (path: string) => Promise<string>,
): Promise<readonly PathChange[]> {
  const isHidden = (path: string) => isInside(path, before) || isInside(path, after)
  const gone = new Map<number, [string, Entry]>()
  const changes = new Map<string, PathChange>()
  const breathe = breather()
  for (const [path, entry] of before.entries) {
    const pause = breathe()
    if (pause !== undefined) await pause
    const now = after.entries.get(path)
    if (now === entry || (now !== undefined && isSame(entry, now)) || isHidden(path)) continue
    if (now === undefined && isUnread(entry)) gone.set(entry.inode, [path, entry])
    changes.set(path, { path, before: entry.version, after: await known(path, now) })
  }
  for (const [path, entry] of after.entries) {
    const pause = breathe()
    if (pause !== undefined) await pause
    if (before.entries.has(path) || isHidden(path)) continue
    const version = await known(path, entry)
    changes.set(path, { path, before: null, after: version })
    const from = gone.get(entry.inode)
    if (from === undefined || version?.kind !== "file" || !isMoved(from[1], entry)) continue
    changes.set(from[0], { path: from[0], before: { ...version, mode: modeOf(from[1]) }, after: null })
  }
  return [...changes.values()].sort((a, b) => (a.path < b.path ? -1 : 1))

  async function known(path: string, entry: Entry | undefined): Promise<FileVersion | null> {
    if (entry?.version.kind !== "file" || entry.version.sha256 !== "") return entry?.version ?? null
    return { ...entry.version, sha256: await sha256Of(path) }
  }
}

/** A file that was only moved keeps its inode, size and time: what was not read before is known by what it is now. */
function isMoved(was: Entry, now: Entry): boolean {
  return now.version.kind === "file" && was.size === now.size && was.modifiedMs === now.modifiedMs
}

function isUnread({ version }: Entry): boolean {
  return version.kind === "file" && version.sha256 === ""
}

function modeOf(entry: Entry): number {
  return entry.version.kind === "link" ? 0 : entry.version.mode
}

function isInside(path: string, scan: Scan): boolean {
  if (scan.closed.size === 0) return false
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (scan.closed.has(path.slice(0, at))) return true
  }
  return false
}
