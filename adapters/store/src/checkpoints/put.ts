import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fdatasync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs"
import { promisify } from "node:util"
import { refusal } from "../world.ts"
import type { HeldFolder } from "./folder.ts"
import { isRunning } from "./running.ts"

export interface Put {
  readonly folder: HeldFolder
  readonly name: string
  readonly content: { readonly bytes: Uint8Array; readonly mode: number } | { readonly link: string }
  /** Whose it was, when there is a file to replace. */
  readonly owner: Stats | undefined
  /** Nothing is there: nothing may be replaced. */
  readonly isNew: boolean
  /** The last look before it is put in place; throws when something else came first. */
  check(): void
}

let count = 0

/** Takes away what killed restores left half made in a folder. */
export function tidied(folder: HeldFolder): void {
  for (const name of namesIn(folder)) {
    const pid = /^\.skein-(\d+)-\d+\.restoring$/.exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) unlinkIfThere(folder.at(name))
  }
}

/** A folder may be written in and not listed: then nothing can be told of it. */
function namesIn(folder: HeldFolder): string[] {
  try {
    return readdirSync(folder.at("."))
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return []
  }
}

/** Puts a file or link in place, whole or not at all. */
export async function put(request: Put): Promise<void> {
  const { folder, name, content, isNew } = request
  // A name of its own: two restores at once, of this process or another, must not put each other's half in place.
  const temporary = folder.at(`.skein-${process.pid}-${++count}.restoring`)
  try {
    if ("link" in content) symlinkSync(content.link, temporary)
    else await write(temporary, content.bytes, content.mode, request.owner)
    request.check()
    if (isNew && !("link" in content)) placeNew(temporary, folder.at(name))
    else renameSync(temporary, folder.at(name))
  } catch (error) {
    unlinkIfThere(temporary)
    throw error
  }
}

const toDisk = promisify(fdatasync)

async function write(path: string, bytes: Uint8Array, mode: number, owner: Stats | undefined): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done)
    if (owner !== undefined) keepOwner(fd, owner)
    // After the owner: giving a file away clears its set-id bits.
    fchmodSync(fd, mode)
    await toDisk(fd)
  } finally {
    closeSync(fd)
  }
}

function keepOwner(fd: number, owner: Stats): void {
  try {
    fchownSync(fd, owner.uid, owner.gid)
  } catch (error) {
    // Only root may give a file away; a file of another owner becomes ours, as with any editor that renames.
    if (refusal(error) !== "EPERM") throw error
  }
}

/** A link fails where a rename would replace what came in between. */
function placeNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (refusal(error) === "EEXIST" || refusal(error) === undefined) throw error
    renameSync(temporary, path) // a file system without hard links
    return
  }
  unlinkSync(temporary)
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (refusal(error) !== "ENOENT") throw error
  }
}
