import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { type FileBytes, type FilesPort, type NewFile, ToolFailure } from "@skein/core/ports"
import { lstat } from "../paths.ts"
import { PERMISSIONS } from "./access.ts"
import { OPAQUE } from "./compare.ts"
import { copyAttributes } from "./dress.ts"
import type { Overlay } from "./enter.ts"
import type { Libc } from "./libc.ts"
import { type Seen, type Step, step } from "./see.ts"

export interface Written {
  readonly bytes: Uint8Array
  /** As `FilesPort.replace` has it. */
  readonly expected: string | null
  readonly files: FilesPort
  readonly made?: NewFile | undefined
}

interface Facts {
  readonly libc: Libc
}

/** Larger files are for a command. */
export const COPIED_BYTES_MAX = 64_000_000

/** Writes a file into the layer, whatever shines through there now; the real file is read at most. */
export async function writeAbove(seen: Seen, written: Written, { libc }: Facts): Promise<FileBytes> {
  const { overlay, path, above, isAbove, below } = seen
  const { files, bytes, expected } = written
  if (overlay === undefined)
    throw new ToolFailure(`${path} is outside of the folders that can be tried out. Nothing was written.`)
  if (isAbove) return await files.replace(above, bytes, expected)
  const real = below === undefined ? undefined : lstat(below)
  if (real === undefined || below === undefined) {
    if (expected !== null) throw changed(path, "it is gone")
    makeFolders(overlay, dirname(path), libc)
    return await writeNew(seen, written)
  }
  if (expected === null) throw changed(path, "a file is there now")
  await copyUp(seen, { path: below, stats: real }, written, libc)
  return await files.replace(above, bytes, expected)
}

export const changed = (path: string, how: string) =>
  new ToolFailure(`${path} changed underneath: ${how}. Nothing was written; read it again.`)

/** Over the mark that something is gone, in one step: without it the old file would be there again for a moment. */
async function writeNew({ above, isWhiteout }: Seen, { files, bytes, made }: Written): Promise<FileBytes> {
  if (!isWhiteout) return await files.replace(above, bytes, null, made)
  const draft = join(dirname(above), `.skein-${crypto.randomUUID()}.tmp`)
  const done = await files.replace(draft, bytes, null, made)
  renameSync(draft, above)
  return done
}

/** What shines through becomes the layer's own, with what it is dressed in. */
async function copyUp(
  { path, above, overlay }: Seen,
  real: { readonly path: string; readonly stats: Stats },
  { files, expected }: Written,
  libc: Libc,
): Promise<void> {
  const now = await files.read(real.path, { bytesMax: COPIED_BYTES_MAX })
  if (now.sha256 !== expected) throw changed(path, "its content is another")
  refuseClosed(real.path, path)
  if (overlay !== undefined) makeFolders(overlay, dirname(path), libc)
  writeFileSync(above, now.bytes, { flag: "wx", mode: 0o600 })
  dress(real.path, real.stats, above, libc)
}

/** Every folder on the way to `folder` is in the layer too. One that is made where something went hides what was there. */
export function makeFolders(overlay: Overlay, folder: string, libc: Libc): void {
  let at: Step = { above: join(overlay.folder, "upper"), isAbove: true, isWhiteout: false, below: overlay.root }
  for (const part of relative(overlay.root, folder).split("/").filter(Boolean)) {
    const outer = at
    at = step(at, part, libc)
    const stats = lstat(at.above)
    if (at.isAbove && stats?.isDirectory() !== true) throw notAFolder(overlay, at.above, stats)
    if (at.isAbove) continue
    const real = at.below === undefined ? undefined : lstat(at.below)
    if (real !== undefined && !real.isDirectory()) throw notAFolder(overlay, at.above, real)
    if (real === undefined && outer.below !== undefined) refuseClosed(outer.below, outer.below)
    if (at.isWhiteout) rmSync(at.above)
    mkdirSync(at.above)
    if (at.isWhiteout && !libc.setAttribute(at.above, OPAQUE, new TextEncoder().encode("y")))
      throw new ToolFailure(`Cannot make ${basename(at.above)} anew: the file system takes no marks.`)
    if (real !== undefined && at.below !== undefined) dress(at.below, real, at.above, libc)
    at = { ...at, isAbove: true, isWhiteout: false, below: real === undefined ? undefined : at.below }
  }
}

function notAFolder(overlay: Overlay, above: string, stats: Stats | undefined): ToolFailure {
  const path = above.replace(join(overlay.folder, "upper"), overlay.root)
  return new ToolFailure(
    `Cannot write below ${path}: it is ${stats?.isSymbolicLink() === true ? "a link" : "no folder"}.`,
  )
}

/** What cannot be written in truth would only fail later, when all of it is to be kept. */
export function refuseClosed(real: string, shown: string): void {
  try {
    accessSync(real, constants.W_OK)
  } catch (cause) {
    throw new ToolFailure(`Cannot write ${shown}: permission denied.`, { cause })
  }
}

function dress(from: string, stats: Stats, to: string, libc: Libc): void {
  if (process.getuid?.() === 0) chownSync(to, stats.uid, stats.gid)
  copyAttributes(from, to, libc)
  chmodSync(to, stats.mode & PERMISSIONS)
}
