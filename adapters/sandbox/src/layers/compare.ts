import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs"
import { join } from "node:path"
import { PERMISSIONS, readable } from "./access.ts"
import type { Libc } from "./libc.ts"
import { type Found, find, kindOf } from "./lower.ts"
import { Pinned } from "./pinned.ts"
import { isSameFile } from "./same.ts"

/** One path at which the layer and the folder below it differ. `path` is relative to the root. */
export interface Difference {
  readonly path: string
  /**
   * `put`: the layer's file, link or whole new folder is to stand there. `mode`: only its permissions differ. `remove`:
   * nothing is to stand there.
   */
  readonly kind: "put" | "mode" | "remove"
  /** What the folder below has. */
  readonly below: Found | undefined
  /** What the layer has; of a `remove`, nothing. */
  readonly above: Stats | undefined
}

/** Reports each difference, and what has no place in a project: devices, pipes, sockets. */
export interface Reporter {
  differs(difference: Difference): void
  /** `has`: whether the layer has something there, or only the folder below. */
  isLeftOut(path: string, has: "above" | "below"): boolean
  special(path: string): void
  /** Called after each folder: to let others have their turn. */
  breathe(): Promise<void>
}

/** Deeper than this no project is, and every level holds a folder open. */
const DEPTH_MAX = 200

/** Compares an upper tree of overlayfs with the folder it was laid over. Follows no link in either. */
export async function compare(upper: string, root: string, c: Libc, reporter: Reporter): Promise<void> {
  using above = Pinned.open(upper)
  using below = Pinned.open(root)
  await compareFolders({ above, below, path: "", isOpaque: false, depth: 0 }, c, reporter)
}

interface Pair {
  readonly above: Pinned
  readonly below: Pinned
  /** Of both, relative to the root. */
  readonly path: string
  /** The folder below does not shine through. */
  readonly isOpaque: boolean
  readonly depth: number
}

async function compareFolders(pair: Pair, c: Libc, reporter: Reporter): Promise<void> {
  const { above, below, path, isOpaque, depth } = pair
  if (depth > DEPTH_MAX) throw Object.assign(new Error(`ENAMETOOLONG: ${path}`), { code: "ENAMETOOLONG" })
  const names = readdirSync(above.at(".")).toSorted()
  for (const name of names) await compareName(pair, name, c, reporter)
  if (isOpaque) {
    const kept = new Set(names)
    for (const name of readdirSync(below.at(".")).toSorted())
      if (!kept.has(name)) report({ path: join(path, name), kind: "remove", below: find(below, name, true) }, reporter)
  }
  await reporter.breathe()
}

async function compareName(pair: Pair, name: string, c: Libc, reporter: Reporter): Promise<void> {
  const path = join(pair.path, name)
  const above = lstatSync(pair.above.at(name))
  if (isWhiteout(above, pair.above.at(name), c)) {
    const below = find(pair.below, name, true)
    if (below !== undefined) report({ path, kind: "remove", below }, reporter)
    return
  }
  if (reporter.isLeftOut(path, "above")) return
  const kind = kindOf(above)
  if (kind === "other") return reporter.special(path)
  const under = find(pair.below, name, false)
  if (kind === "folder" && under?.kind === "folder") {
    if (!isSameMode(above, under)) reporter.differs({ path, kind: "mode", below: under, above })
    const isOpaque = pair.isOpaque || isOpaqueFolder(pair.above.at(name), c)
    return await readable(pair.above.at(name), above, async () => {
      using inner = pair.above.child(name)
      using innerBelow = pair.below.child(name)
      await compareFolders({ above: inner, below: innerBelow, path, isOpaque, depth: pair.depth + 1 }, c, reporter)
    })
  }
  if (under !== undefined && kind === under.kind && (await isSameContent(pair, name, above, under))) {
    if (kind === "file" && !isSameMode(above, under)) reporter.differs({ path, kind: "mode", below: under, above })
    return
  }
  const below = under?.kind === "folder" ? find(pair.below, name, true) : under
  reporter.differs({ path, kind: "put", below, above })
  if (kind === "folder") await lookInto(pair.above, name, above, path, c, reporter)
}

/** A folder that comes as a whole may hold what does not. */
async function lookInto(
  outer: Pinned,
  name: string,
  stats: Stats,
  path: string,
  c: Libc,
  reporter: Reporter,
): Promise<void> {
  await readable(outer.at(name), stats, async () => {
    using folder = outer.child(name)
    for (const inner of readdirSync(folder.at(".")).toSorted()) {
      const own = lstatSync(folder.at(inner))
      const innerPath = join(path, inner)
      if (isWhiteout(own, folder.at(inner), c) || reporter.isLeftOut(innerPath, "above")) continue
      if (kindOf(own) === "other") reporter.special(innerPath)
      else if (own.isDirectory()) await lookInto(folder, inner, own, innerPath, c, reporter)
    }
    await reporter.breathe()
  })
}

function report({ path, kind, below }: Omit<Difference, "above">, reporter: Reporter): void {
  if (!reporter.isLeftOut(path, "below")) reporter.differs({ path, kind, below, above: undefined })
}

function isSameMode(above: Stats, below: Found): boolean {
  return (above.mode & PERMISSIONS) === (below.mode & PERMISSIONS)
}

async function isSameContent(pair: Pair, name: string, above: Stats, below: Found): Promise<boolean> {
  const [own, real] = [pair.above.at(name), pair.below.at(name)]
  if (below.kind === "link") return readlinkSync(own) === readlinkSync(real)
  return BigInt(above.size) === below.size && (await readable(own, above, async () => isSameFile(own, real)))
}

/** Source of both forms: the kernel's Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories". */
export function isWhiteout(stats: Stats, path: string, c: Libc): boolean {
  if (stats.isCharacterDevice()) return stats.rdev === 0
  return stats.isFile() && stats.size === 0 && c.attribute(path, WHITEOUT) !== undefined
}

export function isOpaqueFolder(path: string, c: Libc): boolean {
  const value = c.attribute(path, OPAQUE)
  return value !== undefined && new TextDecoder().decode(value) === "y"
}

export const OPAQUE = "user.overlay.opaque"
const WHITEOUT = "user.overlay.whiteout"
