import { lstatSync, type Stats } from "node:fs"
import { basename, dirname } from "node:path"
import type { OnConflict, RestoreStep } from "@skein/core/ports"
import type { FileAction, FileVersion } from "@skein/protocol"
import { refusal } from "../world.ts"
import type { Batch } from "./batch.ts"
import type { Blobs } from "./blobs.ts"
import { type Bounds, sizeText } from "./bounds.ts"
import { breather } from "./breather.ts"
import { isSameContent, isSameVersion } from "./entry.ts"
import { HeldFolder, LedAstray } from "./folder.ts"
import { isSameIndex } from "./git-index.ts"
import { look } from "./look.ts"

/** What one step of a restore comes to, looked at before anything is touched. */
export type Planned =
  | { readonly kind: "none"; readonly path: string }
  | { readonly kind: "change"; readonly path: string; readonly found: Found; readonly target: FileVersion | null }
  | {
      readonly kind: "conflict"
      readonly path: string
      readonly reason: string
      readonly found: Found | undefined
      readonly target: FileVersion | null
      /** Not even by choice: there are no bytes to put there, or the path leads elsewhere. */
      readonly isFinal: boolean
    }

export interface Found {
  readonly version: FileVersion | null
  /** Null where nothing was. */
  readonly stats: Stats | null
}

export interface PlanOptions {
  readonly blobs: Blobs
  /** What is there now is kept in it, so that a restore can be taken back as well; undefined to look only. */
  readonly batch?: Batch | undefined
  readonly isOverwriting?: boolean
}

/** What a restore would do, shallow paths first. */
export async function planned(steps: readonly RestoreStep[], options: PlanOptions): Promise<Planned[]> {
  options.blobs.refresh()
  const breathe = breather()
  const plan: Planned[] = []
  const replaced = new Set<string>()
  const moved = new Set(
    steps.map(({ expected, target }) => (target === null && expected?.kind === "file" ? expected.sha256 : "")),
  )
  for (const step of steps.toSorted((a, b) => a.path.length - b.path.length)) {
    const found = isBelow(step.path, replaced) ? NOTHING : await foundAt(step.path, options)
    const each = plannedStep(step, found, options.blobs, moved)
    if (isReplacedByFolder(each, options.isOverwriting === true)) replaced.add(step.path)
    plan.push(each)
    await breathe()
  }
  return plan.sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function actionOf(planned: Planned): FileAction {
  if (planned.kind === "none") return { path: planned.path, action: "none" }
  const { path, target, found } = planned
  const action = target === null ? "delete" : found?.version === null ? "create" : "restore"
  return planned.kind === "change" ? { path, action } : { path, action, conflict: planned.reason }
}

/** The conflicts that are left when a person has chosen. */
export function chosen(plan: readonly Planned[], onConflict: OnConflict): Planned[] {
  if (onConflict !== "overwrite") return [...plan]
  return plan.map((each) => {
    if (each.kind !== "conflict" || each.isFinal || each.found === undefined) return each
    return { kind: "change", path: each.path, found: each.found, target: each.target }
  })
}

const NOTHING: Found = { version: null, stats: null }

/** A link or file where a folder was: what is to be in that folder is not there, wherever the link leads. */
function isReplacedByFolder(each: Planned, isOverwriting: boolean): boolean {
  if (each.kind === "none" || each.target?.kind !== "folder") return false
  if (each.kind === "conflict" && (each.isFinal || !isOverwriting)) return false
  return each.found !== undefined && each.found.version !== null && each.found.version.kind !== "folder"
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf("/"); at > 0 && folders.size > 0; at = path.lastIndexOf("/", at - 1)) {
    if (folders.has(path.slice(0, at))) return true
  }
  return false
}

function plannedStep(step: RestoreStep, found: Found | string, blobs: Blobs, moved: ReadonlySet<string>): Planned {
  const { path, expected, target } = step
  if (typeof found === "string")
    return { kind: "conflict", path, reason: found, found: undefined, target, isFinal: true }
  if (isSameVersion(found.version, target)) return { kind: "none", path }
  const conflict = (reason: string, isFinal = false): Planned => ({
    kind: "conflict",
    path,
    reason,
    found,
    target,
    isFinal,
  })
  if (target?.kind === "file" && !isOnHand(target, found.version, blobs, moved))
    return conflict(lost(target, blobs.bounds), true)
  if (step.isInterrupted === true && step.isUncertain !== true)
    return conflict("something else changed it between two changes of skein's")
  const isExpected =
    isSameVersion(found.version, expected) ||
    isHalfDone(found.version, step) ||
    isSameIndex(path, expected, found.version, blobs)
  if (!isExpected) {
    return conflict(difference(expected, found.version))
  }
  if (step.isUncertain === true)
    return conflict("skein was killed while a command could change it, and something else may have changed it since")
  return { kind: "change", path, found, target }
}

/**
 * Where a restore that was cut short may have left a folder: opened for what is done in it, made but not yet with its own
 * mode, or gone before what takes its place came.
 */
function isHalfDone(found: FileVersion | null, { expected, target }: RestoreStep): boolean {
  if (found?.kind === "folder") {
    return target?.kind === "folder" || (expected?.kind === "folder" && found.mode === (expected.mode | 0o700))
  }
  const isOfFolder = expected?.kind === "folder" || target?.kind === "folder"
  return found === null && expected !== null && target !== null && isOfFolder && expected.kind !== target.kind
}

/** A sentence when it cannot be seen. */
export async function foundAt(path: string, { blobs, batch }: PlanOptions): Promise<Found | string> {
  try {
    using folder = HeldFolder.open(dirname(path))
    const at = folder.at(basename(path))
    const stats = lstatSync(at, { throwIfNoEntry: false })
    if (stats === undefined) return NOTHING
    if (!stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink())
      return "a socket, pipe or device is there now"
    const { readBytesMax } = blobs.bounds
    const looked = await look(at, stats, { batch, keepBytesMax: readBytesMax, readBytesMax })
    if ("version" in looked) return { version: looked.version, stats }
    return "gone" in looked ? "it changes at this moment" : `it cannot be read (${looked.unreadable})`
  } catch (error) {
    if (error instanceof LedAstray) return error.message
    const code = refusal(error)
    if (code === "ENOENT" || code === "ENOTDIR") return NOTHING
    if (code === undefined) throw error
    return `it cannot be read (${code})`
  }
}

/** Bytes are in the store, at the path itself, or in a file that this restore takes away. */
function isOnHand(target: FileVersion, found: FileVersion | null, blobs: Blobs, moved: ReadonlySet<string>): boolean {
  if (target.kind !== "file") return true
  if (target.sha256 === "") return false
  if (found !== null && isSameContent(found, target)) return true
  return blobs.has(target.sha256) || moved.has(target.sha256)
}

function lost(target: Extract<FileVersion, { kind: "file" }>, { fileBytesMax }: Bounds): string {
  const size = sizeText(target.bytes)
  if (target.isKept) return `its ${size} are no longer in the checkpoint store`
  if (target.bytes > fileBytesMax) return `it had ${size}, over what is kept, so they cannot come back`
  return `its ${size} could not be read or kept at the time, so they cannot come back`
}

function difference(expected: FileVersion | null, found: FileVersion | null): string {
  if (found === null) return "it was deleted since"
  if (expected === null) return `a ${found.kind} was made there since`
  if (expected.kind !== found.kind) return `it was a ${expected.kind} and is a ${found.kind} now`
  if (expected.kind === "file" && found.kind === "file" && (expected.sha256 === "" || found.sha256 === "")) {
    return `its ${sizeText(found.bytes)} are too many to tell whether they changed since`
  }
  return isSameContent(expected, found) ? "its permissions were changed since" : "it was changed since"
}
