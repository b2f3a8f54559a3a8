import { type FileBytes, type FilesPort, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { EDITABLE_BYTES_MAX } from "../files/change.ts"
import { changed } from "../files/last-look.ts"
import { sha256Of } from "../files/open.ts"
import { heldOf, isAskedAbout, orRefused } from "./held.ts"
import { refusedBy, saveHeld, textFor, writeThrough } from "./write.ts"

/**
 * The world of a call whose client has files of its own: what it holds unsaved is what the file says, and is written through
 * it. Everything else is as on disk.
 */
export function withClient(world: ToolWorld, context: PlanContext): ToolWorld {
  const { files: disk } = world
  const files = clientFiles(disk, context)
  return {
    ...world,
    files,
    onDisk: disk,
    async unsaved(path) {
      const held = await heldOf(path, null, context)
      return held && { bytes: held.bytes, sha256: held.sha256 }
    },
  }
}

/**
 * Has the client save what it holds unsaved of these files, which are about to be written: whatever takes the change back then
 * gives back what the person had. Throws ToolFailure when it would not.
 */
export async function saveUnsaved(disk: FilesPort, paths: readonly string[], context: PlanContext): Promise<void> {
  for (const path of paths) {
    if (!isAskedAbout(path, context)) continue
    const held = await heldOf(path, await onDisk(disk, path), context)
    if (held?.isUnsaved === true) await saveHeld(path, held, context)
  }
}

function clientFiles(disk: FilesPort, context: PlanContext): FilesPort {
  const now = async (path: string, file: FileBytes): Promise<FileBytes> => (await heldOf(path, file, context)) ?? file
  return {
    resolve: (path) => disk.resolve(path),
    stat: (path) => disk.stat(path),
    list: (path) => disk.list(path),
    async read(path, options) {
      const file = await now(path, await disk.read(path, options))
      if (file.bytes.length <= options.bytesMax) return { bytes: file.bytes, sha256: file.sha256 }
      throw new ToolFailure(`${path} has ${file.bytes.length} bytes; at most ${options.bytesMax} can be read at once.`)
    },
    async readPart(path, options) {
      const stat = isAskedAbout(path, context) ? await disk.stat(path) : undefined
      if (stat?.kind !== "file" || stat.bytes > EDITABLE_BYTES_MAX) return await disk.readPart(path, options)
      const { bytes } = await now(path, await disk.read(path, { bytesMax: EDITABLE_BYTES_MAX }))
      return bytes.subarray(options.offset, options.offset + options.bytesMax)
    },
    replace: (path, bytes, expected, made) => replaced(disk, { path, bytes, expected, made }, context),
    async delete(path, expected) {
      const file = await onDisk(disk, path)
      const held = file === null ? undefined : await heldOf(path, file, context)
      if (file === null || held === undefined) return await disk.delete(path, expected)
      if (held.sha256 !== expected) throw changed(path, OTHER_TEXT)
      if (held.isUnsaved) await saveHeld(path, held, context)
      await disk.delete(path, held.isUnsaved ? expected : file.sha256)
    },
  }
}

const OTHER_TEXT = "its text in the editor is another"

interface Replacing {
  readonly path: string
  readonly bytes: Uint8Array
  readonly expected: string | null
  readonly made: Parameters<FilesPort["replace"]>[3]
}

async function replaced(disk: FilesPort, replacing: Replacing, context: PlanContext): Promise<FileBytes> {
  const { path, bytes, expected, made } = replacing
  const onlyDisk = () => disk.replace(path, bytes, expected, made)
  if (!isAskedAbout(path, context)) return await onlyDisk()
  const file = await onDisk(disk, path)
  const held = await heldOf(path, file, context)
  const text = textFor(bytes, held)
  if (held === undefined) {
    // A new file: the client may want to have it. One with a mode of its own it could not give that.
    const isOffered = file === null && expected === null && made?.like === undefined && made?.mode === undefined
    if (!isOffered || text === undefined) return await onlyDisk()
    const isWritten = await orRefused(writeThrough(path, text, undefined, context))
    return isWritten === true ? asWritten(bytes) : await onlyDisk()
  }
  if (held.sha256 !== expected) throw changed(path, OTHER_TEXT)
  const isWritten =
    text !== undefined &&
    (await writeThrough(path, text, held, context).catch((error: unknown) => {
      throw refusedBy(error, `write ${path}`)
    }))
  if (isWritten) return asWritten(bytes)
  if (held.isUnsaved) throw new ToolFailure(`The editor has unsaved changes of ${path}. Nothing was written.`)
  return await disk.replace(path, bytes, file?.sha256 ?? null, made)
}

const asWritten = (bytes: Uint8Array): FileBytes => ({ bytes, sha256: sha256Of(bytes) })

async function onDisk(disk: FilesPort, path: string): Promise<FileBytes | null> {
  const stat = await disk.stat(path)
  if (stat === undefined) return null
  return await disk.read(path, { bytesMax: EDITABLE_BYTES_MAX })
}
