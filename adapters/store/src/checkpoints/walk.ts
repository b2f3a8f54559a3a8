import { lstatSync, readdirSync, type Stats } from "node:fs"
import { refusal } from "../world.ts"
import type { Bounds } from "./bounds.ts"
import { breather } from "./breather.ts"
import { leftOut } from "./left-out.ts"
import { mountPoints } from "./mounts.ts"

/** All there is in a tree, by lstat alone. */
export interface Tree {
  /** Parents before what is in them. */
  readonly found: { readonly path: string; readonly stats: Stats }[]
  /** Folders whose insides were not looked at, and why. */
  readonly closed: Map<string, Closed>
  /** Sockets, pipes, devices. */
  readonly special: string[]
  /** Folders that hold names which are no UTF-8 text. */
  readonly nameless: Set<string>
}

/** With the time of its making: a file system gives the number of what is gone to what is new. */
export type LeftOutInodes = ReadonlyMap<number, { readonly path: string; readonly bornMs: number | undefined }>

export type Closed = "left_out" | "mount" | "unreadable"

export interface WalkOptions {
  readonly root: string
  /** Every folder is looked into, whatever its name. */
  readonly isEverything: boolean
  /** Not looked at and not named: what skein keeps, which no undo may take back. */
  readonly own: ReadonlySet<string>
  /** Folders that were left out, by inode: they stay so under another name. */
  readonly leftOutInodes: LeftOutInodes
  readonly bounds: Bounds
  readonly signal: AbortSignal | undefined
}

/** Follows no link and opens nothing but folders. Throws TooLarge, or the signal's reason. */
export async function walk(options: WalkOptions): Promise<Tree> {
  const { root, bounds, signal } = options
  const tree: Tree = { found: [], closed: new Map(), special: [], nameless: new Set() }
  const breathe = breather()
  const deadline = performance.now() + bounds.scanMs
  let stopAt = Number.POSITIVE_INFINITY
  const stats = statsAt(root)
  if (stats === "unreadable") tree.closed.set(root, "unreadable")
  if (stats === undefined || stats === "unreadable") return tree
  if (isSpecial(stats)) tree.special.push(root)
  else tree.found.push({ path: root, stats })
  // Asked for once, and only where there is something below.
  const mounted = stats.isDirectory() ? mountPoints() : new Set<string>()
  if (stats.isDirectory()) await into(root, stats.dev)
  return tree

  async function into(folder: string, device: number): Promise<void> {
    const names = namesIn(folder, tree)
    if (names === undefined) return
    const prefix = folder === "/" ? "/" : `${folder}/`
    for (const name of names) {
      if (tree.found.length > stopAt) return
      const path = `${prefix}${name}`
      if (options.own.has(path)) continue
      const stats = statsAt(path)
      if (stats === "unreadable") {
        tree.closed.set(folder, "unreadable")
        return
      }
      if (stats === undefined) {
        if (name.includes("\uFFFD")) tree.nameless.add(folder)
      } else if (stats.isFile() || stats.isSymbolicLink()) tree.found.push({ path, stats })
      else if (stats.isDirectory()) await folderAt(path, name, stats, device)
      else tree.special.push(path)
    }
    if (tree.found.length > bounds.entriesMax)
      throw new TooLarge(`more than ${bounds.entriesMax.toLocaleString("en")} files`)
    await breathe()
    signal?.throwIfAborted()
    if (performance.now() > deadline)
      throw new TooLarge(`so many files that a look at them takes over ${bounds.scanMs / 1_000} s`)
  }

  async function folderAt(path: string, name: string, stats: Stats, device: number): Promise<void> {
    tree.found.push({ path, stats })
    if (stats.dev !== device || mounted.has(path)) tree.closed.set(path, "mount")
    else if (options.isEverything) await into(path, device)
    else if (isMoved(path, stats)) tree.closed.set(path, "left_out")
    else {
      const rule = leftOut(path, name)
      if (rule === "always") tree.closed.set(path, "left_out")
      else if (rule === undefined) await into(path, device)
      else await whileSmall(path, device)
    }
  }

  function isMoved(path: string, stats: Stats): boolean {
    const was = options.leftOutInodes.get(stats.ino)
    return was !== undefined && was.path !== path && (was.bornMs ?? stats.birthtimeMs) === stats.birthtimeMs
  }

  async function whileSmall(path: string, device: number): Promise<void> {
    const from = tree.found.length
    const outer = stopAt
    stopAt = Math.min(outer, from + bounds.outputEntriesMax)
    await into(path, device)
    stopAt = outer
    const inside = tree.found.slice(from)
    const bytes = inside.reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0)
    if (inside.length <= bounds.outputEntriesMax && bytes <= bounds.outputBytesMax) return
    tree.found.length = from
    for (const { path: below } of inside) tree.closed.delete(below)
    tree.closed.set(path, "left_out")
  }
}

/** The tree is over a bound; the message goes after "It has". */
export class TooLarge extends Error {
  override readonly name = "TooLarge"
}

function isSpecial(stats: Stats): boolean {
  return !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()
}

function namesIn(folder: string, tree: Tree): string[] | undefined {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT") return undefined // it went away while we looked
    if (refusal(error) === undefined) throw error
    tree.closed.set(folder, "unreadable")
    return undefined
  }
}

function statsAt(path: string): Stats | "unreadable" | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return "unreadable"
  }
}
