import { type Dirent, promises as fs, type Stats } from "node:fs"
import { type FileEntry, type FileStat, type FilesPort, ToolFailure } from "@skein/core/ports"
import { deleteFile } from "./delete.ts"
import { errnoOf, fileFailure } from "./failure.ts"
import { readAtOnce, readUpTo, sha256Of, withFile } from "./open.ts"
import { pinFolder } from "./pinned.ts"
import { type LocalFilesOptions, replaceFile } from "./replace.ts"
import { resolvePath } from "./resolve.ts"

/**
 * The real file system. `read`, `readPart`, `list`, `replace` and `delete` take resolved paths: one that holds a link, or holds
 * one by now, is refused, so nothing outside of what was resolved is ever touched.
 */
export function localFiles(options: LocalFilesOptions = {}): FilesPort {
  return {
    resolve: resolvePath,
    stat,
    async read(path, { bytesMax }) {
      checkText(path)
      const small = readAtOnce(path)
      const bytes = small !== undefined && small.length <= bytesMax ? small : await readWhole(path, bytesMax)
      return { bytes, sha256: sha256Of(bytes) }
    },
    async readPart(path, { offset, bytesMax }) {
      checkText(path)
      return await withFile(path, (handle, { size }) => readUpTo(handle, offset, size, bytesMax))
    },
    list,
    async replace(path, bytes, expected, made) {
      checkText(path)
      return await replaceFile(path, bytes, expected, { ...options, ...made })
    },
    async delete(path, expected) {
      checkText(path)
      deleteFile(path, expected)
    },
  }
}

async function readWhole(path: string, bytesMax: number): Promise<Uint8Array> {
  return await withFile(path, async (handle, { size }) => {
    const read = size > bytesMax ? undefined : await readUpTo(handle, 0, size, bytesMax + 1)
    if (read !== undefined && read.length <= bytesMax) return read
    throw new ToolFailure(`${path} has ${size} bytes; at most ${bytesMax} can be read at once.`)
  })
}

async function stat(path: string): Promise<FileStat | undefined> {
  checkText(path)
  try {
    const found = await fs.lstat(path)
    return { kind: kindOf(found), bytes: found.size, mode: found.mode & 0o7777, modifiedMs: found.mtimeMs }
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return undefined
    throw fileFailure("look at", path, error)
  }
}

/** Sorted by name, so that the same folder always reads the same. */
async function list(path: string): Promise<readonly FileEntry[]> {
  checkText(path)
  try {
    const folder = pinFolder(path)
    try {
      const entries = await fs.readdir(folder.at("."), { withFileTypes: true })
      return entries
        .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
        .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    } finally {
      folder.close()
    }
  } catch (error) {
    throw fileFailure("list", path, error)
  }
}

function kindOf(entry: Stats | Dirent): FileEntry["kind"] {
  if (entry.isFile()) return "file"
  if (entry.isDirectory()) return "directory"
  return entry.isSymbolicLink() ? "link" : "other"
}

function checkText(path: string): void {
  if (path.includes("\0")) throw new ToolFailure("A path cannot hold a NUL character.")
}
