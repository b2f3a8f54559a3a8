import { lstatSync } from "node:fs"
import { dirname, sep } from "node:path"
import type { Watch, Watched, WatchScope } from "@skein/core/ports"
import type { PathChange, SessionId } from "@skein/protocol"
import { refusal } from "../world.ts"
import type { Blobs } from "./blobs.ts"
import { changesBetween } from "./compare.ts"
import { isSameIndex } from "./git-index.ts"
import { look } from "./look.ts"
import { mark, marksOf, unmark, unmarkQuietly } from "./marker.ts"
import { notesOf } from "./notes.ts"
import type { Roots } from "./roots.ts"
import { type Purpose, type Scan, scan } from "./scan.ts"

export interface WatchOptions {
  readonly blobs: Blobs
  readonly roots: Roots
  readonly own: ReadonlySet<string>
  readonly now: () => number
  /** Sessions that this process watches for: nothing of before is to be found out of them any more. */
  readonly watchedFor: Set<SessionId>
}

/** Begins to watch what a call may change. Rejects with the signal's reason, else never. */
export async function watch(scope: WatchScope, options: WatchOptions): Promise<Watch> {
  const { signal } = scope
  const isExact = scope.paths !== undefined
  const trees = outermost(scope.paths === undefined ? scope.roots : withMissingParents(scope.paths))
  const before: (Scan | string)[] = []
  for (const tree of trees)
    before.push(await orSentence(tree, () => lookAt(tree, isExact, "before", options, signal), signal))
  const mark = await marking(scope.sessionId, before, isExact, options)
  let settled: Promise<Watched> | undefined
  return {
    settle: () => {
      settled ??= settle()
      return settled
    },
    recorded: () => {
      if (mark !== undefined) unmarkQuietly(mark, options.blobs)
    },
  }

  async function settle(): Promise<Watched> {
    const changes: PathChange[] = []
    const notes = new Set<string>()
    for (const was of before) {
      const is =
        typeof was === "string" ? was : await orSentence(was.root, () => lookAt(was.root, isExact, "after", options))
      const found = await differing(was, is, options)
      for (const note of found.notes) notes.add(note)
      changes.push(...found.changes)
    }
    for (const part of [options.blobs, options.roots]) {
      if (part.trouble !== undefined) notes.add(part.trouble)
      part.trouble = undefined // told once
    }
    return { changes, notCovered: [...notes] }
  }
}

/** What differs between two looks at a tree, and what was not watched, in sentences. */
export async function differing(
  was: Scan | string,
  is: Scan | string,
  { blobs }: WatchOptions,
): Promise<{ readonly changes: readonly PathChange[]; readonly notes: readonly string[] }> {
  const notes = [was, is].flatMap((each) => (typeof each === "string" ? [each] : notesOf(each, blobs.bounds)))
  if (typeof was === "string" || typeof is === "string") return { changes: [], notes }
  const found = await changesBetween(was, is, (path) => sha256At(path, blobs))
  return { changes: found.filter(({ path, before, after }) => !isSameIndex(path, before, after, blobs)), notes }
}

export function lookAt(
  tree: string,
  isExact: boolean,
  purpose: Purpose,
  options: WatchOptions,
  signal?: AbortSignal,
): Promise<Scan | string> {
  return isExact ? exactly(tree, options, signal) : options.roots.look(tree, purpose, signal)
}

/** For whoever comes after a kill. Where it cannot be written the call runs all the same, and it is told. */
async function marking(
  sessionId: SessionId,
  before: readonly (Scan | string)[],
  isExact: boolean,
  options: WatchOptions,
): Promise<string | undefined> {
  const { blobs, watchedFor } = options
  const held = before.flatMap((scan) => (typeof scan === "string" ? [] : [{ isExact, scan }]))
  try {
    if (!watchedFor.has(sessionId)) for (const mark of marksOf(sessionId, blobs)) unmark(mark)
    watchedFor.add(sessionId)
    return held.length === 0 ? undefined : await mark(sessionId, held, options)
  } catch (error) {
    blobs.trouble = `Should skein be killed now, what this changes cannot be taken back: ${String(error)}`
    return undefined
  }
}

/** A path that a call names is watched whatever its name and wherever it lies. */
async function exactly(
  path: string,
  { blobs, own, now }: WatchOptions,
  signal: AbortSignal | undefined,
): Promise<Scan> {
  return await scan({
    root: path,
    before: undefined,
    isEverything: true,
    purpose: "after",
    own,
    blobs,
    now,
    signal,
  })
}

/** What goes wrong here is told, and stops no call. */
export async function orSentence(
  path: string,
  work: () => Promise<Scan | string>,
  signal?: AbortSignal,
): Promise<Scan | string> {
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    return `${path} could not be watched: ${error instanceof Error ? error.message : String(error)}.`
  }
}

/** A folder that a call has to make is a change of its own; looking at the topmost sees all below it. */
function withMissingParents(paths: readonly string[]): string[] {
  return paths.map((path) => {
    let topmost = path
    for (let parent = dirname(path); parent !== dirname(parent); parent = dirname(parent)) {
      if (isThere(parent)) return topmost
      topmost = parent
    }
    return topmost
  })
}

/** What cannot be asked about is there: the look at it says why. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return refusal(error) !== "ENOTDIR"
  }
}

/** Without those that lie in another. */
function outermost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)]
  return unique.filter(
    (path) => !unique.some((other) => path.startsWith(other === sep ? sep : `${other}${sep}`) && path !== other),
  )
}

async function sha256At(path: string, blobs: Blobs): Promise<string> {
  const stats = isThere(path) ? lstatSync(path, { throwIfNoEntry: false }) : undefined
  if (!stats?.isFile()) return ""
  const { readBytesMax } = blobs.bounds
  const looked = await look(path, stats, { batch: undefined, keepBytesMax: 0, readBytesMax })
  return "version" in looked && looked.version.kind === "file" ? looked.version.sha256 : ""
}
