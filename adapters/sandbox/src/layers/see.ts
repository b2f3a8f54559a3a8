import { join, relative } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { lstat } from "../paths.ts"
import { isOpaqueFolder, isWhiteout } from "./compare.ts"
import type { Overlay } from "./enter.ts"
import type { Libc } from "./libc.ts"

/** Where what a path shows in a layer really lies. */
export interface Seen {
  readonly path: string
  /** Undefined for a path that no layer is over. */
  readonly overlay: Overlay | undefined
  /** Where the layer has it, or would have it. */
  readonly above: string
  readonly isAbove: boolean
  /** The layer says that it is gone, by a mark at `above`. */
  readonly isWhiteout: boolean
  /** The real path where it shines through; whether anything is there is another question. */
  readonly below: string | undefined
}

/** `path` is resolved: a link in it is what it names, not a way. */
export function see(overlays: readonly Overlay[], libc: Libc, path: string): Seen {
  if (path.includes("\0")) throw new ToolFailure("A path cannot hold a NUL character.")
  const overlay = overlays.find(({ root }) => isWithin(path, root))
  if (overlay === undefined) return { path, overlay, above: path, isAbove: false, isWhiteout: false, below: path }
  const parts = relative(overlay.root, path).split("/").filter(Boolean)
  let at: Step = { above: join(overlay.folder, "upper"), isAbove: true, isWhiteout: false, below: overlay.root }
  for (const part of parts) at = step(at, part, libc)
  return { path, overlay, ...at }
}

export type Step = Omit<Seen, "path" | "overlay">

/** One name deeper. */
export function step(from: Step, name: string, libc: Libc): Step {
  const above = join(from.above, name)
  const below = from.below === undefined ? undefined : join(from.below, name)
  const stats = from.isAbove ? lstat(above) : undefined
  if (stats === undefined) return { above, isAbove: false, isWhiteout: false, below }
  if (isWhiteout(stats, above, libc)) return { above, isAbove: false, isWhiteout: true, below: undefined }
  const shines = stats.isDirectory() && below !== undefined && lstat(below)?.isDirectory() === true
  return { above, isAbove: true, isWhiteout: false, below: shines && !isOpaqueFolder(above, libc) ? below : undefined }
}

/** Undefined when the layer hides it. */
export function shownAt(seen: Seen): string | undefined {
  return seen.isAbove ? seen.above : seen.below
}
