import { dirname, join, relative } from "node:path"
import { type FilesPort, ToolFailure } from "@skein/core/ports"
import { lstat } from "../paths.ts"
import type { Libc } from "./libc.ts"
import type { Seen } from "./see.ts"
import { COPIED_BYTES_MAX, changed, makeFolders, refuseClosed } from "./write-above.ts"

/** Takes a file away in the layer: what the layer has of it goes, and what would shine through is marked as gone. */
export async function deleteAbove(
  seen: Seen,
  { expected, files }: { readonly expected: string; readonly files: FilesPort },
  { libc }: { readonly libc: Libc },
): Promise<void> {
  const { overlay, path, above, isAbove, below } = seen
  if (overlay === undefined)
    throw new ToolFailure(`${path} is outside of the folders that can be tried out. Nothing was written.`)
  if (isAbove) {
    await files.delete(above, expected)
    // Without anything under it nothing would shine through.
    if (lstat(join(overlay.root, relative(join(overlay.folder, "upper"), above))) === undefined) return
  } else {
    const stats = below === undefined ? undefined : lstat(below)
    if (below === undefined || stats === undefined) throw changed(path, "it is gone")
    if (!stats.isFile()) throw new ToolFailure(`Cannot delete ${path}: it is not a file.`)
    if ((await files.read(below, { bytesMax: COPIED_BYTES_MAX })).sha256 !== expected)
      throw changed(path, "its content is another")
    refuseClosed(below, path)
    makeFolders(overlay, dirname(path), libc)
  }
  libc.markGone(above)
}
