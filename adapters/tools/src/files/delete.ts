import { unlinkSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileFailure } from "./failure.ts"
import { changed, checkedBefore, isFileOf } from "./last-look.ts"
import { pinFolder } from "./pinned.ts"

/** Takes a file away, in one breath with the last look at what it holds. A read-only file stays. */
export function deleteFile(path: string, expected: string): void {
  try {
    const folder = pinFolder(dirname(path))
    try {
      const name = basename(path)
      checkedBefore(folder, name, expected)
      if (!isFileOf(folder.at(name), expected)) throw changed(join(folder.path, name), "its content is another")
      unlinkSync(folder.at(name))
    } finally {
      folder.close()
    }
  } catch (error) {
    throw fileFailure("delete", path, error)
  }
}
