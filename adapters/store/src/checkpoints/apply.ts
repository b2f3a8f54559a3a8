import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  type Stats,
} from "node:fs"
import { basename, dirname } from "node:path"
import type { Quietly, Restored, Supplant } from "@skein/core/ports"
import type { FileVersion, PathChange } from "@skein/protocol"
import { refusal } from "../world.ts"
import type { Blobs } from "./blobs.ts"
import { breather } from "./breather.ts"
import { isSameContent, permissions } from "./entry.ts"
import { HeldFolder, LedAstray } from "./folder.ts"
import { O_PATH } from "./look.ts"
import type { Planned } from "./plan.ts"
import { type AtOnce, type Looked, put, takeAway, tidied } from "./put.ts"

export type Change = Extract<Planned, { kind: "change" }>

/**
 * Makes the changes of a plan. Each path is old or new at any moment, and the same restore run again goes on where a crash
 * ended this one. What cannot be done is a conflict and stops nothing else.
 */
export async function apply(changes: readonly Change[], blobs: Blobs, atOnce: AtOnce = {}): Promise<Restored> {
  const run = new Run()
  const deepFirst = [...changes].sort((a, b) => b.path.length - a.path.length)
  const flatFirst = deepFirst.toReversed()
  await run.all(flatFirst.filter(isClosed), openUp)
  await run.all(deepFirst.filter(isFileRemoved), (place) => removeFile(place, atOnce.quietly))
  await run.all(deepFirst.filter(isFolderRemoved), removeFolder)
  await run.all(flatFirst.filter(isFolderMade), makeFolder)
  const tidy = oncePerFolder(tidied)
  const putThere = (place: Place) => {
    tidy(place.folder)
    return putContent(place, blobs, atOnce.supplant)
  }
  await run.all(flatFirst.filter(isContentPut), putThere, PUT_AT_ONCE)
  await run.all(
    deepFirst.filter(({ target }) => target !== null),
    setMode,
  )
  return run.result(changes)
}

const PUT_AT_ONCE = 32

function oncePerFolder(work: (folder: HeldFolder) => void): (folder: HeldFolder) => void {
  const done = new Set<string>()
  return (folder) => {
    if (done.has(folder.path)) return
    work(folder)
    done.add(folder.path)
  }
}

/**
 * What killed restores left half made where this one looked, done already or not, goes. A folder that is closed is
 * tidied when something is put there.
 */
export async function tidyFolders(paths: readonly string[]): Promise<void> {
  const breathe = breather()
  for (const path of new Set(paths.map((each) => dirname(each)))) {
    await breathe()
    try {
      using folder = HeldFolder.open(path)
      tidied(folder)
    } catch (error) {
      if (!(error instanceof LedAstray) && refusal(error) === undefined) throw error
    }
  }
}

/** One path of which its folder is held. */
interface Place {
  readonly change: Change
  readonly folder: HeldFolder
  readonly name: string
  readonly at: string
}

class Run {
  private readonly failed = new Map<string, string>()
  private readonly madeWritable = new Map<string, number>()
  private readonly breathe = breather()

  /** `atOnce` of them wait for the disk together. */
  async all(changes: readonly Change[], work: (place: Place) => void | Promise<void>, atOnce = 1): Promise<void> {
    const left = changes.filter(({ path }) => !this.failed.has(path))
    try {
      while (left.length > 0) await Promise.all(left.splice(0, atOnce).map((change) => this.attempt(change, work)))
    } finally {
      for (const [path, mode] of this.madeWritable) setBack(path, mode)
      this.madeWritable.clear()
    }
  }

  private async attempt(change: Change, work: (place: Place) => void | Promise<void>): Promise<void> {
    await this.breathe()
    try {
      using folder = HeldFolder.open(dirname(change.path))
      const name = basename(change.path)
      const place = { change, folder, name, at: folder.at(name) }
      try {
        await work(place)
      } catch (error) {
        if (!this.makeWritable(folder, error)) throw error
        await work(place)
      }
    } catch (error) {
      this.failed.set(change.path, reasonOf(error))
    }
  }

  /** A folder that its owner may not write in is made writable for the moment. */
  private makeWritable(folder: HeldFolder, error: unknown): boolean {
    const code = refusal(error)
    if (code !== "EACCES" && code !== "EPERM") return false
    if (this.madeWritable.has(folder.path)) return true
    const mode = permissions(lstatSync(folder.at(".")))
    if ((mode & 0o300) === 0o300) return false
    chmodSync(folder.at("."), mode | 0o700)
    this.madeWritable.set(folder.path, mode)
    return true
  }

  result(all: readonly Change[]): Restored {
    const done = all.filter(({ path }) => !this.failed.has(path))
    return {
      changes: done.map(
        ({ path, found, target }): PathChange => ({ path, before: kept(found.version), after: kept(target) }),
      ),
      conflicts: [...this.failed].map(([path, reason]) => ({ path, reason })),
    }
  }
}

/** The store was asked for both before anything was touched. */
function kept(version: FileVersion | null): FileVersion | null {
  return version?.kind === "file" ? { ...version, isKept: true } : version
}

/** A folder that a command closed is entered on the way to its own mode. */
function isClosed({ found: { version }, target }: Change): boolean {
  return version?.kind === "folder" && target?.kind === "folder" && (version.mode & 0o700) !== 0o700
}

function openUp({ at }: Place): void {
  changeMode(at, permissions(lstatSync(at)) | 0o700)
}

/** A file that gives way to another file or link is replaced instead. */
function isFileRemoved({ found: { version }, target }: Change): boolean {
  return version !== null && version.kind !== "folder" && (target === null || target.kind === "folder")
}

function removeFile({ change, folder, name, at }: Place, quietly: Quietly | undefined): void {
  unchanged(at, change.found.stats)
  takeAway(folder, name, looked(change.found.stats), quietly)
}

function isFolderRemoved({ found: { version }, target }: Change): boolean {
  return version?.kind === "folder" && target?.kind !== "folder"
}

function removeFolder({ at }: Place): void {
  try {
    rmdirSync(at)
  } catch (error) {
    const code = refusal(error)
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error
    const names = readdirSync(at)
    const some = names.slice(0, 3).join(", ")
    throw new Changed(`it holds what skein did not make: ${some}${names.length > 3 ? " and more" : ""}`)
  }
}

function isFolderMade({ found: { version }, target }: Change): boolean {
  return target?.kind === "folder" && version?.kind !== "folder"
}

function makeFolder({ at }: Place): void {
  mkdirSync(at, { mode: 0o700 })
}

function isContentPut({ found: { version }, target }: Change): boolean {
  if (target === null || target.kind === "folder") return false
  return version === null || !isSameContent(version, target)
}

async function putContent(place: Place, blobs: Blobs, supplant: Supplant | undefined): Promise<void> {
  const { change, folder, name, at } = place
  const { found, target } = change
  if (target === null || target.kind === "folder") return
  const bytes = target.kind === "file" ? blobs.read(target.sha256) : undefined
  if (target.kind === "file" && bytes === undefined) {
    throw new Changed("its bytes are damaged in the checkpoint store, or gone")
  }
  // What was a folder was taken away in an earlier step.
  const replaced = found.version?.kind === "folder" ? null : found.stats
  await put({
    folder,
    name,
    content: target.kind === "link" ? { link: target.target } : { bytes: bytes ?? new Uint8Array(), mode: target.mode },
    owner: replaced ?? undefined,
    isNew: replaced === null,
    check: () => unchanged(at, replaced),
    ...looked(replaced),
    supplant,
  })
}

function setMode({ change: { target }, at }: Place): void {
  if (target === null || target.kind === "link") return
  const now = lstatSync(at)
  if (permissions(now) !== target.mode && now.isDirectory() === (target.kind === "folder")) changeMode(at, target.mode)
}

/** Of exactly this file or folder, never of what a link leads to. */
function changeMode(at: string, mode: number): void {
  const fd = openSync(at, O_PATH | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (lstatSync(at).isSymbolicLink()) throw new Changed("it is a link now")
    chmodSync(process.platform === "linux" ? `/proc/self/fd/${fd}` : at, mode)
  } finally {
    closeSync(fd)
  }
}

/** The folder itself may have been taken away. */
function setBack(path: string, mode: number): void {
  try {
    using folder = HeldFolder.open(path)
    chmodSync(folder.at("."), mode)
  } catch (error) {
    if (!(error instanceof LedAstray) && refusal(error) !== "ENOENT") throw error
  }
}

/** The message goes after "path: ". */
class Changed extends Error {
  override readonly name = "Changed"
}

/** Nothing may be lost that came after the look. The other name of a hard link moves its change time. */
function unchanged(at: string, found: Stats | null): void {
  const now = lstatSync(at, { throwIfNoEntry: false })
  if (now === undefined && found === null) return
  const isUnchanged =
    now !== undefined &&
    found !== null &&
    now.ino === found.ino &&
    now.size === found.size &&
    now.mtimeMs === found.mtimeMs &&
    (found.nlink > 1 || now.ctimeMs === found.ctimeMs)
  if (!isUnchanged) throw new Changed("it was changed at this moment")
}

/** To leave its name moved its change time, and it was compared the moment before. */
function looked(found: Stats | null): Looked {
  return {
    isExpected(path) {
      const { ino, size, mtimeMs, mode } = lstatSync(path)
      return ino === found?.ino && size === found.size && mtimeMs === found.mtimeMs && mode === found.mode
    },
    refuse(keptAs) {
      const more = keptAs === undefined ? "" : ` more than once; the first of it is in ${keptAs} beside it`
      throw new Changed(`it was changed at this moment${more}`)
    },
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Changed || error instanceof LedAstray) return error.message
  const code = refusal(error)
  if (code === undefined) throw error
  if (code === "ENOENT" || code === "ENOTDIR") return "the folder it was in is gone"
  return REASONS[code] ?? `the system refused it (${code})`
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EEXIST: "something was made there at this moment",
}
