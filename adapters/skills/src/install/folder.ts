import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { PackedFile } from "@skein/unpack"

const FILES_MAX = 5000
const BYTES_MAX = 128 * 2 ** 20
const DEPTH_MAX = 12
const NOT_TAKEN = new Set([".git", "node_modules", "__pycache__", ".DS_Store"])

export interface ReadFolder {
  readonly files: readonly PackedFile[]
  /** Links, devices and what may not be read: paths from the folder. They are not taken. */
  readonly leftOut: readonly string[]
}

/** All files of a folder of this machine. Throws SkeinError `op.invalid` where it is too large. */
export function readFolder(folder: string): ReadFolder {
  const files: PackedFile[] = []
  const leftOut: string[] = []
  let bytes = 0
  const waiting = [{ path: "", depth: 0 }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const entry of entriesOf(join(folder, next.path))) {
      const path = next.path === "" ? entry.name : `${next.path}/${entry.name}`
      if (NOT_TAKEN.has(entry.name)) continue
      if (entry.isDirectory()) {
        if (next.depth < DEPTH_MAX) waiting.push({ path, depth: next.depth + 1 })
        else leftOut.push(path)
        continue
      }
      const file = entry.isFile() ? contentAt(join(folder, path), BYTES_MAX - bytes) : undefined
      if (file === undefined) leftOut.push(path)
      else files.push({ path, ...file })
      bytes += file?.bytes.length ?? 0
      if (files.length > FILES_MAX)
        throw new SkeinError("op.invalid", `${folder} holds more than ${FILES_MAX} files. Name the skill's own folder.`)
    }
  }
  return { files, leftOut }
}

/** The file's bytes, through no link; undefined for what is none, or too large. */
function contentAt(path: string, bytesMax: number): Pick<PackedFile, "bytes" | "isExecutable"> | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile() || stats.size > bytesMax) return undefined
      const bytes = new Uint8Array(stats.size)
      const length = readSync(fd, bytes, 0, bytes.length, 0)
      return { bytes: bytes.subarray(0, length), isExecutable: (stats.mode & 0o111) !== 0 }
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw new SkeinError("op.invalid", `Cannot read the folder ${folder}.`, { cause })
  }
}
