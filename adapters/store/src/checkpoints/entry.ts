import type { Stats } from "node:fs"
import type { FileVersion } from "@skein/protocol"

/** What stood at a path when it was last looked at, and by what to see that it may have changed. */
export interface Entry {
  readonly version: FileVersion
  readonly size: number
  readonly modifiedMs: number
  readonly changedMs: number
  readonly inode: number
  /** Looked at too soon after its last change for the clock of the file system to show the next one. */
  readonly isRacy: boolean
  /** Of a folder; 0 where the file system does not keep it. */
  readonly bornMs?: number | undefined
}

/** Paths are absolute. */
export type Entries = ReadonlyMap<string, Entry>

export function entryOf(stats: Stats, version: FileVersion, lookedMs: number): Entry {
  return {
    version,
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
    inode: stats.ino,
    isRacy: isRacy(stats, lookedMs),
    ...(version.kind === "folder" ? { bornMs: stats.birthtimeMs } : {}),
  }
}

/** True when nothing can have changed since. Of a folder only itself is meant, not what is in it. */
export function isUntouched(entry: Entry, stats: Stats): boolean {
  const { version } = entry
  if (entry.isRacy || entry.inode !== stats.ino) return false
  if (version.kind === "folder") return stats.isDirectory() && version.mode === permissions(stats)
  if (version.kind === "file" ? !stats.isFile() : !stats.isSymbolicLink()) return false
  return entry.size === stats.size && entry.modifiedMs === stats.mtimeMs && entry.changedMs === stats.ctimeMs
}

/** Whether two looks at a path saw the same. Bytes that were not read are taken as the same when no time stamp moved. */
export function isSame(a: Entry, b: Entry): boolean {
  if (a === b || isSameVersion(a.version, b.version)) return true
  if (a.version.kind !== "file" || b.version.kind !== "file" || a.version.mode !== b.version.mode) return false
  if (a.version.sha256 !== "" && b.version.sha256 !== "") return false
  return a.inode === b.inode && a.size === b.size && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs
}

/** Kind, mode and bytes or target. Bytes that nobody read (an empty `sha256`) are the same as no others. */
export function isSameVersion(a: FileVersion | null, b: FileVersion | null): boolean {
  if (a === null || b === null) return a === b
  return isSameContent(a, b) && (a.kind === "link" || b.kind === "link" || a.mode === b.mode)
}

export function isSameContent(a: FileVersion, b: FileVersion): boolean {
  if (a.kind === "file") return b.kind === "file" && a.sha256 === b.sha256 && a.sha256 !== ""
  if (a.kind === "link") return b.kind === "link" && a.target === b.target
  return b.kind === "folder"
}

export function permissions(stats: Stats): number {
  return stats.mode & 0o7777
}

/**
 * Git's "racily clean": a file changed twice within one tick of the clock shows one time. Linux ticks at most every
 * 10 ms; a file system that keeps whole seconds (FAT: two) shows it by having no fraction.
 */
function isRacy(stats: Stats, lookedMs: number): boolean {
  const newest = Math.max(stats.mtimeMs, stats.ctimeMs)
  return newest > lookedMs - (newest % 1_000 === 0 ? 2_100 : 50)
}
