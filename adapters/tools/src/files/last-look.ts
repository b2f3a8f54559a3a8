import { accessSync, constants, lstatSync, type Stats } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { readWholeSync, sha256Of } from "./open.ts"
import type { PinnedFolder } from "./pinned.ts"

/** What is there now: a file that may be written when one is expected, nothing when none is. */
export function checkedBefore(folder: PinnedFolder, name: string, expected: string | null): Stats | undefined {
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

export const changed = (path: string, how: string) =>
  new ToolFailure(`${path} changed underneath: ${how}. Nothing was written; read it again.`)

/** Whether a regular file of this content is there. Gives way to nothing else of this process. */
export function isFileOf(at: string, sha256: string): boolean {
  if (lstatSync(at, { throwIfNoEntry: false })?.isFile() !== true) return false
  const now = readWholeSync(at)
  return now !== undefined && sha256Of(now) === sha256
}
