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
  unlinkSync,
} from "node:fs"
import { basename, dirname } from "node:path"
import type { Restored } from "@skein/core/ports"
import type { FileVersion, PathChange } from "@skein/protocol"
import { refusal } from "../world.ts"
import type { Blobs } from "./blobs.ts"
import { breather } from "./breather.ts"
import { isSameContent, permissions } from "./entry.ts"
import { HeldFolder, LedAstray } from "./folder.ts"
import { O_PATH } from "./look.ts"
import type { Planned } from "./plan.ts"
import { put } from "./put.ts"

export type Change = Extract<Planned, { kind: "change" }>

/**
 * Makes the changes of a plan. Each path is old or new at any moment, and the same restore run again goes on where a crash
 * ended this one. What cannot be done is a conflict and stops nothing else.
 */
export async function apply(changes: readonly Change[], blobs: Blobs): Promise<Restored> {
  const run = new Run()
  const deepFirst = [...changes].sort((a, b) => b.path.length - a.path.length)
  const flatFirst = deepFirst.toReversed()
  for (const change of flatFirst) await run.attempt(change, openUp)
  for (const change of deepFirst) await run.attempt(change, removeFile)
  for (const change of deepFirst) await run.attempt(change, removeFolder)
  for (const change of flatFirst) await run.attempt(change, makeFolder)
  for (const change of flatFirst) await run.attempt(change, (at) => putContent(at, blobs))
  for (const change of deepFirst) await run.attempt(change, setMode)
  return run.result(changes)
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
  private readonly breathe = breather()

  async attempt(change: Change, work: (place: Place) => void | Promise<void>): Promise<void> {
    if (this.failed.has(change.path)) return
    await this.breathe()
    try {
      using folder = HeldFolder.open(dirname(change.path))
      const name = basename(change.path)
      await withWritable(folder, async () => await work({ change, folder, name, at: folder.at(name) }))
    } catch (error) {
      this.failed.set(change.path, reasonOf(error))
    }
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
function openUp({ change, at }: Place): void {
  const { found, target } = change
  if (found.version?.kind !== "folder" || target?.kind !== "folder") return
  if ((found.version.mode & 0o700) !== 0o700) changeMode(at, target.mode | 0o700)
}

function removeFile({ change, at }: Place): void {
  const { found, target } = change
  if (found.version === null || found.version.kind === "folder") return
  if (target !== null && target.kind !== "folder") return
  unchanged(at, found.stats)
  unlinkSync(at)
}

function removeFolder({ change, at }: Place): void {
  if (change.found.version?.kind !== "folder" || change.target?.kind === "folder") return
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

function makeFolder({ change, at }: Place): void {
  if (change.target?.kind !== "folder" || change.found.version?.kind === "folder") return
  mkdirSync(at, { mode: 0o700 })
}

async function putContent({ change, folder, name, at }: Place, blobs: Blobs): Promise<void> {
  const { found, target } = change
  if (target === null || target.kind === "folder") return
  if (found.version !== null && isSameContent(found.version, target)) return
  const bytes = target.kind === "file" ? blobs.read(target.sha256) : undefined
  if (target.kind === "file" && bytes === undefined)
    throw new Changed("its bytes are damaged in the checkpoint store, or gone")
  // What was a file or folder of another kind was taken away in an earlier step.
  const isReplaced = found.version?.kind === "file" || found.version?.kind === "link"
  await put({
    folder,
    name,
    content: target.kind === "link" ? { link: target.target } : { bytes: bytes ?? new Uint8Array(), mode: target.mode },
    owner: isReplaced && found.stats !== null ? found.stats : undefined,
    isNew: !isReplaced,
    check: () => unchanged(at, isReplaced ? found.stats : null),
  })
}

function setMode({ change, at }: Place): void {
  const { target } = change
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

/** A folder that its owner may not write in is made writable for the moment. */
async function withWritable(folder: HeldFolder, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = refusal(error)
    if (code !== "EACCES" && code !== "EPERM") throw error
    const mode = permissions(lstatSync(folder.at(".")))
    if ((mode & 0o300) === 0o300) throw error
    chmodSync(folder.at("."), mode | 0o700)
    try {
      await work()
    } finally {
      chmodSync(folder.at("."), mode)
    }
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
