import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fdatasync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs"
import { promisify } from "node:util"
import type { Quietly, Supplant } from "@skein/core/ports"
import { refusal } from "../world.ts"
import type { HeldFolder } from "./folder.ts"
import { isRunning } from "./running.ts"

/** What a put or a removal finds, and what it does when that is not what it came for. */
export interface Looked {
  /** Of what left its name, on the way to being replaced or removed. */
  isExpected(path: string): boolean
  /** Throws that something else came first; `keptAs` names what is kept of it besides. */
  refuse(keptAs: string | undefined): never
}

export interface Put extends Looked {
  readonly folder: HeldFolder
  readonly name: string
  readonly content: { readonly bytes: Uint8Array; readonly mode: number } | { readonly link: string }
  /** Whose it was, when there is a file to replace. */
  readonly owner: Stats | undefined
  /** Nothing is there: nothing may be replaced. */
  readonly isNew: boolean
  /** The last look before it is put in place; throws when something else came first. */
  check(): void
  /** Undefined where names cannot be exchanged; then the check and a rename have to do. */
  readonly supplant: Supplant | undefined
}

/** What the host can do in one step of the system; without it there are microseconds between looking and doing. */
export interface AtOnce {
  readonly supplant?: Supplant | undefined
  readonly quietly?: Quietly | undefined
}

const ASIS: Quietly = (_path, use) => use(() => true)

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
  const { folder, name, content } = request
  // A name of its own: two restores at once, of this process or another, must not put each other's half in place.
  const temporary = temporaryIn(folder)
  try {
    if ("link" in content) symlinkSync(content.link, temporary)
    else await write(temporary, content.bytes, content.mode, request.owner)
    request.check()
    if (request.isNew) placeNew(temporary, folder.at(name))
    else placeOver(temporary, folder.at(name), request)
  } catch (error) {
    unlinkIfThere(temporary)
    throw error
  }
}

/**
 * Takes a file away: it leaves its name first, and is looked at where nobody else finds it. What is not as expected goes
 * back, and when something stands there again by then, is kept beside it.
 */
export function takeAway(folder: HeldFolder, name: string, looked: Looked, quietly: Quietly = ASIS): void {
  const aside = temporaryIn(folder)
  renameSync(folder.at(name), aside)
  quietly(aside, (isUnbroken) => {
    if (looked.isExpected(aside) && isUnbroken()) unlinkSync(aside)
    else putBack(folder, name, aside, looked)
  })
}

function putBack(folder: HeldFolder, name: string, aside: string, { refuse }: Looked): never {
  try {
    if (lstatSync(aside).isDirectory()) renameSync(aside, folder.at(name))
    else placeNew(aside, folder.at(name))
  } catch (error) {
    const kept = `.skein-${crypto.randomUUID()}.kept`
    renameSync(aside, folder.at(kept))
    if (refusal(error) === undefined) throw error
    return refuse(kept)
  }
  return refuse(undefined)
}

const temporaryIn = (folder: HeldFolder) => folder.at(`.skein-${process.pid}-${++count}.restoring`)

function placeOver(temporary: string, path: string, { supplant, isExpected, refuse }: Put): void {
  const put = supplant?.(temporary, path, isExpected) ?? { kind: "cannot" }
  if (put.kind === "cannot") renameSync(temporary, path)
  if (put.kind === "changed") refuse(put.keptAs)
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

/** A hard link fails where a rename would replace what came in between. */
function placeNew(temporary: string, path: string): void {
  try {
    // On macOS it would lead through a link instead of being one more of it.
    if (lstatSync(temporary).isSymbolicLink()) symlinkSync(readlinkSync(temporary), path)
    else linkSync(temporary, path)
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
