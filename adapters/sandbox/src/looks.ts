import {
  accessSync,
  type BigIntStats,
  constants,
  lstatSync,
  readdirSync,
  type Stats,
  statfsSync,
  statSync,
} from "node:fs"
import { dirname } from "node:path"
import { lstat, reach, realpath } from "./paths.ts"
import type { Stamper } from "./stamps.ts"

/** How something asks what is there. */
export interface Looks {
  /** Undefined when nothing is there, or nothing that this user can reach. So in all of these. */
  lstat(path: string): Stats | undefined
  realpath(path: string): string | undefined
  names(folder: string): readonly string[] | undefined
  isReadable(path: string): boolean
}

/** Looks, and remembers nothing of it. */
export const looks: Looks = {
  lstat,
  realpath,
  names: (folder) => reach(() => readdirSync(folder)),
  isReadable: (path) => reach(() => accessSync(path, constants.R_OK) ?? true) === true,
}

/** What was worked out from looks. */
interface Remembered<T> {
  readonly value: T
  readonly folders: ReadonlyMap<string, Folder>
  /** Whether every look would still show the same. Missing as long as that cannot be told without looking again. */
  readonly holds?: (() => boolean) | undefined
}

interface Folder extends Seen {
  /** When it was first seen like this: milliseconds of a clock that nobody sets. */
  readonly sinceMs: number
}

interface Seen {
  readonly stats: BigIntStats
  /** Reached through a link. */
  readonly isLinked: boolean
}

const REMEMBERED_MAX = 32

/**
 * Works something out from what it sees, or gives what came of it before, when there is still the same to be seen. That
 * costs a look at each folder, instead of one at each of the many names that are not in them.
 */
export function remembering<T>(): (key: string, stamp: Stamper, work: (looks: Looks) => T) => T {
  const known = new Map<string, Remembered<T>>()
  return (key, stamp, work) => {
    const before = known.get(key)
    if (before?.holds?.() === true) return before.value
    const { value, ...seen } = remember(work, stamp, before?.folders)
    known.delete(key)
    known.set(key, { value, ...seen })
    const [oldest] = known.keys()
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest)
    return value
  }
}

function remember<T>(
  work: (looks: Looks) => T,
  stamp: Stamper,
  before: ReadonlyMap<string, Folder> | undefined,
): Remembered<T> {
  const startedMs = performance.now()
  const seen = new Map<string, Seen>()
  const present = new Map<string, Stats>()
  const paths = new Map<string, string | undefined>()
  const readable = new Map<string, boolean>()
  let isLasting = true

  /** From here on the names in this folder are known, as long as it does not change. */
  function rest(folder: string): void {
    if (seen.has(folder)) return
    const found = folderAt(folder)
    if (found !== undefined) seen.set(folder, found)
    // A link that leads nowhere may lead somewhere without any change to the folder it is in.
    else if (lstat(folder) !== undefined) isLasting = false
    else if (folder !== dirname(folder)) rest(dirname(folder))
  }

  const value = work({
    lstat(path) {
      let found = lstat(path)
      if (found === undefined) {
        // Its folder first, and then once more: what appears after that changes the folder.
        rest(dirname(path))
        found = lstat(path)
      }
      if (found !== undefined) present.set(path, found)
      return found
    },
    realpath(path) {
      const real = realpath(path)
      paths.set(path, real)
      return real
    },
    names(folder) {
      rest(folder)
      return looks.names(folder)
    },
    isReadable(path) {
      const isGiven = looks.isReadable(path)
      readable.set(path, isGiven)
      return isGiven
    },
  })
  const nowMs = performance.now()
  const folders = new Map(
    [...seen].map(([path, found]) => {
      const then = before?.get(path)
      return [path, { ...found, sinceMs: then !== undefined && isSameFolder(found, then) ? then.sinceMs : nowMs }]
    }),
  )
  if (!isLasting || ![...folders].every(([path, folder]) => isSettled(folder, startedMs) && keepsTime(path))) {
    return { value, folders }
  }
  // What a folder is shows with its names.
  const others = [...present].filter(([path]) => seen.get(path)?.isLinked !== false)
  const [resting, links, rights] = [[...seen], [...paths], [...readable]]
  const isSame = stamp([
    ...resting.map(([path, { isLinked }]) => ({ path, hasTime: true, isFollowed: isLinked })),
    ...others.map(([path]) => ({ path, hasTime: false, isFollowed: false })),
  ])
  // The stamps are younger than the looks: they are of what was seen only when that is there even now.
  const isStamped =
    resting.every(([path, then]) => isSameFolder(folderAt(path), then)) &&
    others.every(([path, stats]) => isSameThing(lstat(path), stats))
  if (!isStamped) return { value, folders }
  const holds = () =>
    isSame() &&
    links.every(([path, real]) => realpath(path) === real) &&
    rights.every(([path, isGiven]) => looks.isReadable(path) === isGiven)
  return { value, folders, holds }
}

/** What counts is the folder in which a name is looked for, which may be a link's. */
function folderAt(path: string): Seen | undefined {
  const found = reach(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }))
  if (found?.isSymbolicLink() !== true) return found && { stats: found, isLinked: false }
  const stats = reach(() => statSync(path, { bigint: true, throwIfNoEntry: false }))
  return stats && { stats, isLinked: true }
}

/** Nothing sets this time but the kernel, whenever a name in the folder or its mode changes. */
function isSameFolder(now: Seen | undefined, then: Seen): boolean {
  return (
    now !== undefined &&
    now.stats.ctimeNs === then.stats.ctimeNs &&
    now.stats.ino === then.stats.ino &&
    now.stats.dev === then.stats.dev &&
    now.isLinked === then.isLinked
  )
}

/** As far as anybody asks: what it is, whose, and whether it is that one. */
function isSameThing(now: Stats | undefined, then: Stats): boolean {
  return (
    now !== undefined &&
    now.ino === then.ino &&
    now.dev === then.dev &&
    now.mode === then.mode &&
    now.uid === then.uid &&
    now.birthtimeMs === then.birthtimeMs
  )
}

/** Longer than any tick of the kernel's clock: two changes within one have the same time. */
const TICK_MS = 50
/** Some file systems keep whole seconds. */
const COARSE_MS = 2_000

/** The tick in which it last changed was over when it was looked at: the next change has another time. */
function isSettled({ stats: { ctimeNs }, sinceMs }: Folder, lookedMs: number): boolean {
  const isOld = Number(ctimeNs / 1_000_000n) < performance.timeOrigin - COARSE_MS
  const isFine = ctimeNs % 1_000_000n !== 0n
  return lookedMs - sinceMs > (isFine || isOld ? TICK_MS : COARSE_MS)
}

/** File systems of the kernel's own. Those of networks and of programs may show names without any change to a folder. */
const KEEPING_TIME = new Set([
  0xef53, // ext2 to ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0xf2f52010, // f2fs
  0x2fc12fc1, // zfs
  0xca451a4e, // bcachefs
  0x01021994, // tmpfs
  0x794c7630, // overlayfs
])

function keepsTime(folder: string): boolean {
  const kind = reach(() => statfsSync(folder).type)
  return kind !== undefined && KEEPING_TIME.has(kind >>> 0)
}
