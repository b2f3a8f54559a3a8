import type { Stats } from "node:fs"
import type { FileVersion } from "@skein/protocol"
import { Batch } from "./batch.ts"
import type { Blobs } from "./blobs.ts"
import { breather } from "./breather.ts"
import { type Entries, type Entry, entryOf, isUntouched } from "./entry.ts"
import { look } from "./look.ts"
import { type Closed, type LeftOutInodes, walk } from "./walk.ts"

/** A tree as it was found: what is there, what was kept of it, and what was not looked at. */
export interface Scan {
  readonly root: string
  readonly entries: Entries
  readonly closed: ReadonlyMap<string, Closed>
  readonly special: readonly string[]
  readonly nameless: ReadonlySet<string>
  readonly unreadable: readonly string[]
  /** Files that were not kept for being over the bound of one file. */
  readonly large: readonly string[]
  /** How many were not kept for being more than one scan may add. */
  readonly unkeptCount: number
  /** Why nothing more could be kept. */
  readonly failure: string | undefined
  /** Whether anything was looked at anew. */
  readonly isChanged: boolean
}

/** Of a tree of which nothing is known yet. */
export function emptyScan(root: string): Scan {
  return {
    root,
    entries: new Map(),
    closed: new Map(),
    special: [],
    nameless: new Set(),
    unreadable: [],
    large: [],
    unkeptCount: 0,
    failure: undefined,
    isChanged: false,
  }
}

/**
 * `ahead`: in the background, it goes on with what earlier looks had no room for. `before` a call: what is new since is
 * kept. `after` it: what changed is read even where it cannot be kept, for undo must know it again.
 */
export type Purpose = "ahead" | "before" | "after"

export interface ScanOptions {
  readonly root: string
  /** What is known of it: only what differs is read. */
  readonly before: Scan | undefined
  readonly isEverything: boolean
  readonly purpose: Purpose
  readonly own: ReadonlySet<string>
  readonly blobs: Blobs
  readonly now: () => number
  readonly signal: AbortSignal | undefined
}

/** Looks at a tree, and keeps what is new in it. Throws TooLarge, or the signal's reason. */
export async function scan(options: ScanOptions): Promise<Scan> {
  const { root, before, blobs, now, signal } = options
  const { bounds } = blobs
  // Taken before the first look, so that what changes during the scan counts as racy.
  const lookedMs = now()
  const tree = await walk({ ...options, bounds, leftOutInodes: leftOutInodes(before) })
  const batch = new Batch(blobs, { share: options.purpose === "after" ? 1 : AHEAD_SHARE })
  const reader = new Reader(options, batch, lookedMs)
  const breathe = breather()
  for (const { path, stats } of tree.found) {
    if (!reader.isKnown(path, stats)) await reader.see(path, stats)
    const pause = breathe()
    if (pause === undefined) continue
    await pause
    signal?.throwIfAborted()
  }
  if (!batch.commit()) reader.forgetUncommitted()
  const { entries, unreadable, large, unkeptCount } = reader
  const { closed, special, nameless } = tree
  const isChanged = reader.readCount > 0 || entries.size !== before?.entries.size
  return { root, entries, closed, special, nameless, unreadable, large, unkeptCount, failure: batch.failure, isChanged }
}

class Reader {
  readonly entries = new Map<string, Entry>()
  readonly unreadable: string[] = []
  readonly large: string[] = []
  readonly fresh: string[] = []
  unkeptCount = 0
  readCount = 0

  private readonly wasUnreadable: ReadonlySet<string>
  private readBytes = 0

  private readonly options: ScanOptions
  private readonly batch: Batch
  private readonly lookedMs: number

  constructor(options: ScanOptions, batch: Batch, lookedMs: number) {
    this.options = options
    this.wasUnreadable = new Set(options.before?.unreadable)
    this.batch = batch
    this.lookedMs = lookedMs
  }

  /** Nothing to await for most of a tree. */
  isKnown(path: string, stats: Stats): boolean {
    const known = this.options.before?.entries.get(path)
    if (known === undefined || !isUntouched(known, stats)) return false
    if (this.wasUnreadable.has(path)) this.unreadable.push(path)
    else if (this.isWanted(known.version) && this.goesOn()) return false
    this.entries.set(path, known)
    this.count(path, known.version)
    return true
  }

  async see(path: string, stats: Stats): Promise<void> {
    this.readCount += 1
    const version = stats.isFile() && this.isFull() ? unread(stats) : await this.read(path, stats)
    if (version === undefined) return
    this.entries.set(path, entryOf(stats, version, this.lookedMs))
    this.fresh.push(path)
    this.count(path, version)
  }

  /** Nothing of a batch that could not be finished is kept, but what was there before it. */
  forgetUncommitted(): void {
    for (const path of this.fresh) {
      const entry = this.entries.get(path)
      if (entry?.version.kind !== "file" || !entry.version.isKept) continue
      if (this.options.blobs.has(entry.version.sha256)) continue
      this.entries.set(path, { ...entry, version: { ...entry.version, isKept: false } })
      this.unkeptCount += 1
    }
  }

  private async read(path: string, stats: Stats): Promise<FileVersion | undefined> {
    const { fileBytesMax, readBytesMax } = this.options.blobs.bounds
    this.readBytes += stats.size
    const keepBytesMax = this.options.isEverything ? readBytesMax : fileBytesMax
    const looked = await look(path, stats, { batch: this.batch, keepBytesMax, readBytesMax: 0 })
    if ("version" in looked) return looked.version
    if ("gone" in looked) return undefined
    this.unreadable.push(path)
    return stats.isFile() ? unread(stats) : undefined
  }

  /** With what an earlier look had no room for: as much as it may in the background, a little before a call. */
  private goesOn(): boolean {
    const { purpose, blobs } = this.options
    if (purpose === "after" || this.isFull()) return false
    return purpose === "ahead" || this.readBytes < blobs.bounds.scanBytesMax * LITTLE
  }

  private isFull(): boolean {
    const { scanBytesMax } = this.options.blobs.bounds
    if (this.options.isEverything) return false
    if (this.batch.bytes > scanBytesMax || this.readBytes > scanBytesMax * READ_TIMES) return true
    return this.batch.failure !== undefined && this.options.purpose !== "after"
  }

  /** A file that an earlier scan had no room for. */
  private isWanted(version: FileVersion): boolean {
    return version.kind === "file" && !version.isKept && version.bytes <= this.options.blobs.bounds.fileBytesMax
  }

  private count(path: string, version: FileVersion): void {
    if (version.kind !== "file" || version.isKept) return
    if (version.bytes > this.options.blobs.bounds.fileBytesMax) this.large.push(path)
    else if (this.unreadable.at(-1) !== path) this.unkeptCount += 1
  }
}

/** The part of the store that may be filled ahead of changes: the rest is for what did change. */
const AHEAD_SHARE = 0.7
const LITTLE = 1 / 16
/** Bytes that the store has already cost only the reading. */
const READ_TIMES = 4

function unread(stats: Stats): FileVersion {
  return { kind: "file", sha256: "", bytes: stats.size, mode: stats.mode & 0o7777, isKept: false }
}

function leftOutInodes(before: Scan | undefined): LeftOutInodes {
  const inodes = new Map<number, { path: string; bornMs: number | undefined }>()
  for (const [path, reason] of before?.closed ?? []) {
    const entry = reason === "left_out" ? before?.entries.get(path) : undefined
    if (entry !== undefined) inodes.set(entry.inode, { path, bornMs: entry.bornMs })
  }
  return inodes
}
