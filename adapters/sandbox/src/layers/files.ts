import { lstatSync } from "node:fs"
import { join } from "node:path"
import { type FileEntry, type FilesPort, ToolFailure } from "@skein/core/ports"
import { lstat } from "../paths.ts"
import { isWhiteout } from "./compare.ts"
import { deleteAbove } from "./delete-above.ts"
import type { OverlayLayer } from "./layer.ts"
import { resolveIn } from "./resolve.ts"
import { type Seen, see, shownAt } from "./see.ts"
import { type Written, writeAbove } from "./write-above.ts"

/** See `layeredWorld`. */
export function filesOf(layer: OverlayLayer, below: FilesPort): FilesPort {
  const { overlays, libc } = layer.facts
  const at = (path: string) => see(overlays, libc, path)
  return {
    resolve: async (path) => resolveIn(at, path),
    async stat(path) {
      const seen = at(path)
      const shown = shownAt(seen)
      return shown === undefined ? undefined : await told(seen, () => below.stat(shown))
    },
    read: async (path, options) => await shownOr("read", at(path), (real) => below.read(real, options)),
    readPart: async (path, options) => await shownOr("read", at(path), (real) => below.readPart(real, options)),
    list: async (path) => await listed(at(path), layer, below),
    async replace(path, bytes, expected, { like, mode } = {}) {
      const from = like === undefined ? undefined : shownAt(at(like))
      const written: Written = { bytes, expected, files: below, made: { like: from, mode } }
      return await layer.inTurn(() => told(at(path), () => writeAbove(at(path), written, layer.facts)))
    },
    async delete(path, expected) {
      await layer.inTurn(() => told(at(path), () => deleteAbove(at(path), { expected, files: below }, layer.facts)))
    },
  }
}

async function shownOr<T>(tried: string, seen: Seen, use: (real: string) => Promise<T>): Promise<T> {
  const shown = shownAt(seen)
  if (shown === undefined) throw new ToolFailure(`Cannot ${tried} ${seen.path}: nothing is there.`)
  return await told(seen, () => use(shown))
}

/** A failure names the path that was asked for, not where the layer has it. */
async function told<T>({ overlay }: Seen, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ToolFailure) || overlay === undefined) throw error
    const message = error.message.replaceAll(join(overlay.folder, "upper"), overlay.root)
    throw new ToolFailure(message, { cause: error })
  }
}

/** What the layer has, and below it what it does not hide. */
async function listed(seen: Seen, layer: OverlayLayer, below: FilesPort): Promise<readonly FileEntry[]> {
  const own = seen.isAbove ? await told(seen, () => below.list(seen.above)) : undefined
  if (own === undefined) return await shownOr("list", seen, (real) => below.list(real))
  const names = new Set(own.map(({ name }) => name))
  const isGone = ({ name, kind }: FileEntry) => {
    if (kind !== "other" && kind !== "file") return false
    const path = join(seen.above, name)
    return isWhiteout(lstatSync(path), path, layer.facts.libc)
  }
  const shines = seen.below !== undefined && lstat(seen.below)?.isDirectory() === true
  const others = shines && seen.below !== undefined ? await below.list(seen.below) : []
  return [...own.filter((entry) => !isGone(entry)), ...others.filter(({ name }) => !names.has(name))].sort((a, b) =>
    a.name < b.name ? -1 : Number(a.name > b.name),
  )
}
