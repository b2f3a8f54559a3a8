import { constants, promises as fs, lstatSync, mkdirSync, renameSync, rmdirSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type FileBytes, type NewFile, type Supplant, ToolFailure } from "@skein/core/ports"
import { type Draft, openDraft } from "./draft.ts"
import { errnoOf, fileFailure } from "./failure.ts"
import { keepAttributes } from "./keep.ts"
import { changed, checkedBefore, isFileOf } from "./last-look.ts"
import { sha256Of } from "./open.ts"
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
  { supplant, ...made }: LocalFilesOptions & NewFile,
): Promise<FileBytes> {
  const folders: string[] = []
  let isDone = false
  try {
    const folder = openParent(path, expected, folders)
    try {
      await replaceIn(folder, basename(path), { bytes, expected, ...made }, await supplant?.())
      isDone = true
      await syncFolder(folder)
    } finally {
      folder.close()
    }
    return { bytes, sha256: sha256Of(bytes) }
  } catch (error) {
    throw fileFailure("write", path, error)
  } finally {
    if (!isDone) for (const folderMade of folders.toReversed()) removeIfEmpty(folderMade)
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
  { bytes, expected, like, mode }: NewFile & { readonly bytes: Uint8Array; readonly expected: string | null },
  supplant: Supplant | undefined,
): Promise<void> {
  const path = join(folder.path, name)
  const before = checkedBefore(folder, name, expected)
  const draft = await openDraft(folder, before === undefined ? 0o666 : 0o600)
  try {
    await writeAll(draft.handle, bytes)
    if (before !== undefined) await keepAttributes(folder, name, draft.handle, before)
    else if (like !== undefined) await keepLike(like, draft)
    else if (mode !== undefined) await draft.handle.chmod(mode)
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

async function keepLike(path: string, { handle }: Draft): Promise<void> {
  const folder = pinFolder(dirname(path))
  try {
    await keepAttributes(folder, basename(path), handle, lstatSync(folder.at(basename(path))))
  } finally {
    folder.close()
  }
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
