import { accessSync, constants, promises as fs, lstatSync, mkdirSync, renameSync, rmdirSync, type Stats } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type FileBytes, type Supplant, ToolFailure } from "@skein/core/ports"
import { type Draft, openDraft } from "./draft.ts"
import { errnoOf, fileFailure } from "./failure.ts"
import { keepAttributes } from "./keep.ts"
import { readWholeSync, sha256Of } from "./open.ts"
import { type PinnedFolder, pinChild, pinFolder } from "./pinned.ts"

export interface LocalFilesOptions {
  /** Loads what keeps a save of another process at the same moment; without it a last look and a rename have to do. */
  readonly supplant?: (() => Promise<Supplant | undefined>) | undefined
}

/**
 * Puts bytes in place of a file, whole or not at all: written and synced beside it, then renamed over it in one breath
 * with the last check of what is there.
 *
 * A hard link is parted from its other names: writing through it could not be whole-or-nothing, and would reach names
 * outside the folders that were checked.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  expected: string | null,
  { supplant }: LocalFilesOptions,
): Promise<FileBytes> {
  const made: string[] = []
  let isDone = false
  try {
    const folder = openParent(path, expected, made)
    try {
      await replaceIn(folder, basename(path), bytes, expected, await supplant?.())
      isDone = true
      await syncFolder(folder)
    } finally {
      folder.close()
    }
    return { bytes, sha256: sha256Of(bytes) }
  } catch (error) {
    throw fileFailure("write", path, error)
  } finally {
    if (!isDone) for (const folderMade of made.toReversed()) removeIfEmpty(folderMade)
  }
}

/** The file's folder, pinned; what is missing of it is made, one name at a time below a pinned folder. */
function openParent(path: string, expected: string | null, made: string[]): PinnedFolder {
  const missing: string[] = []
  for (let existing = dirname(path); ; existing = dirname(existing)) {
    try {
      return missing.reduceRight((folder, name) => makeChild(folder, name, made), pinFolder(existing))
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || expected !== null || existing === "/" || made.length > 0) throw error
      missing.push(basename(existing))
    }
  }
}

function makeChild(folder: PinnedFolder, name: string, made: string[]): PinnedFolder {
  try {
    try {
      mkdirSync(folder.at(name))
      made.push(join(folder.path, name))
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error // made by someone else meanwhile: as good
    }
    return pinChild(folder, name)
  } finally {
    folder.close()
  }
}

async function replaceIn(
  folder: PinnedFolder,
  name: string,
  bytes: Uint8Array,
  expected: string | null,
  supplant: Supplant | undefined,
): Promise<void> {
  const path = join(folder.path, name)
  const before = checkedBefore(folder, name, expected)
  const draft = await openDraft(folder, before === undefined ? 0o666 : 0o600)
  try {
    await writeAll(draft.handle, bytes)
    if (before !== undefined) await keepAttributes(folder, name, draft.handle, before)
    await draft.handle.sync()
    if (expected === null) becomeNew(draft, name, path)
    else {
      const isExpected = (at: string) => isFileOf(at, expected)
      // From here to the new name nothing else of this process runs. What another process saves meanwhile is kept by the
      // exchange of both; without one it has some ten microseconds.
      if (!isExpected(folder.at(name))) throw changed(path, "its content is another")
      draft.supplant(name, (from, to) => {
        const put = supplant?.(from, to, isExpected) ?? { kind: "cannot" }
        if (put.kind === "cannot") renameSync(from, to)
        if (put.kind === "changed") throw changed(path, came(folder, put.keptAs))
      })
    }
  } finally {
    await draft.close()
  }
}

function isFileOf(at: string, sha256: string): boolean {
  if (lstatSync(at, { throwIfNoEntry: false })?.isFile() !== true) return false
  const now = readWholeSync(at)
  return now !== undefined && sha256Of(now) === sha256
}

function came(folder: PinnedFolder, keptAs: string | undefined): string {
  if (keptAs === undefined) return "something else wrote it at this moment"
  return `others wrote it twice at this moment, and the first of it is in ${join(folder.path, keptAs)}`
}

function becomeNew(draft: Draft, name: string, path: string): void {
  try {
    draft.become(name)
  } catch (error) {
    throw errnoOf(error) === "EEXIST" ? changed(path, "a file is there now") : error
  }
}

/** What is there now: a file that may be written when one is expected, nothing when none is. */
function checkedBefore(folder: PinnedFolder, name: string, expected: string | null): Stats | undefined {
  const path = join(folder.path, name)
  const now = lstatSync(folder.at(name), { throwIfNoEntry: false })
  if (now === undefined && expected !== null) throw changed(path, "it is gone")
  if (now === undefined) return undefined
  if (now.isSymbolicLink()) throw new ToolFailure(`${path} is a link; write what it leads to. Nothing was written.`)
  if (!now.isFile()) throw new ToolFailure(`${path} is not a file. Nothing was written.`)
  if (expected === null) throw changed(path, "a file is there now")
  // A rename needs no permission on the file itself; a file that was made read-only is meant to stay as it is.
  accessSync(folder.at(name), constants.W_OK)
  return now
}

const changed = (path: string, how: string) =>
  new ToolFailure(`${path} changed underneath: ${how}. Nothing was written; read it again.`)

async function writeAll(handle: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written, written)).bytesWritten
  }
}

/** So that the new name survives a power cut. A folder that may not be listed cannot be synced; its file was. */
async function syncFolder(folder: PinnedFolder): Promise<void> {
  let handle: fs.FileHandle
  try {
    handle = await fs.open(folder.at("."), constants.O_RDONLY | constants.O_DIRECTORY)
  } catch (error) {
    if (errnoOf(error) === "EACCES") return
    throw error
  }
  try {
    await handle.sync()
  } catch (error) {
    if (errnoOf(error) !== "EINVAL") throw error // a file system that has no such thing
  } finally {
    await handle.close()
  }
}

function removeIfEmpty(path: string): void {
  try {
    const parent = pinFolder(dirname(path))
    try {
      rmdirSync(parent.at(basename(path)))
    } finally {
      parent.close()
    }
  } catch (error) {
    // In use by now, moved or gone: not ours to remove.
    if (errnoOf(error) === undefined && !(error instanceof ToolFailure)) throw error
  }
}
