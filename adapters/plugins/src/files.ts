import { closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { PackedFile } from "@skein/unpack"

/** A file of a plugin, with its bytes: `path` is from the plugin's root. */
export type PluginFile = PackedFile

/** What a plugin may hold. It is read whole each time it is checked. */
export const BOUNDS = { filesMax: 3000, fileBytesMax: 16 * 2 ** 20, bytesMax: 64 * 2 ** 20, depthMax: 16 } as const

/**
 * Every file of a folder, sorted by path; `.git` is left out. Links, devices, pipes, names that another file system would take
 * for one another and more than the bounds are refused, never followed or repaired. Throws SkeinError `op.invalid`.
 */
export function filesIn(root: string): readonly PluginFile[] {
  const files: PluginFile[] = []
  let total = 0
  for (const { path } of found(root)) {
    const file = contentAt(root, path)
    total += file.bytes.length
    if (total > BOUNDS.bytesMax) throw refused(`It holds more than ${BOUNDS.bytesMax} bytes.`)
    files.push(file)
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** What tells, without reading, that nothing of a folder changed since it was read: any write, rename or new file is another. */
export function printOf(root: string): string {
  const hash = new Bun.CryptoHasher("sha256")
  for (const { path } of found(root)) {
    const { size, mtimeNs, ctimeNs, ino, mode } = lstatSync(join(root, path), { bigint: true })
    hash.update(`${path}\0${size} ${mtimeNs} ${ctimeNs} ${ino} ${mode}\n`)
  }
  return hash.digest("hex")
}

/** SHA-256 over the path, the kind and the SHA-256 of every file: one other byte, name or file is another. */
export function contentHash(files: readonly PluginFile[]): string {
  const hash = new Bun.CryptoHasher("sha256")
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  for (const { path, bytes, isExecutable } of sorted)
    hash.update(`${JSON.stringify(path)} ${isExecutable ? "x" : "-"} ${sha256(bytes)}\n`)
  return hash.digest("hex")
}

export function sha256(bytes: Uint8Array | string): string {
  return Bun.CryptoHasher.hash("sha256", bytes, "hex")
}

/** A file as a person reads it in a sentence. */
export function shown(text: string): string {
  return JSON.stringify(text.length > NAME_CHARS_MAX ? `${text.slice(0, NAME_CHARS_MAX)}…` : text)
}

export function refused(why: string, cause?: unknown): SkeinError {
  return new SkeinError("op.invalid", why, { cause })
}

const NAME_CHARS_MAX = 120

function* found(root: string): Generator<{ readonly path: string }> {
  const seen = new Set<string>()
  const waiting = [""]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folder.split("/").length > BOUNDS.depthMax) throw refused(`${shown(folder)} lies too deep.`)
    for (const entry of entriesOf(root, folder)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`
      if (path === ".git") continue
      if (entry.isDirectory()) waiting.push(path)
      else if (!entry.isFile()) throw refused(`${shown(path)} is a link or no file: a plugin holds files alone.`)
      const key = path.normalize("NFKC").toLowerCase()
      if (seen.has(key)) throw refused(`${shown(path)} is there twice, as some file systems see it.`)
      seen.add(key)
      if (seen.size > BOUNDS.filesMax) throw refused(`It holds more than ${BOUNDS.filesMax} files and folders.`)
      if (entry.isFile()) yield { path }
    }
  }
}

function entriesOf(root: string, folder: string): Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
  } catch (cause) {
    throw refused(
      `Cannot look into ${join(root, folder)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    )
  }
}

function contentAt(root: string, path: string): PluginFile {
  const fd = opened(root, path)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw refused(`${shown(path)} is no file.`)
    if (stats.size > BOUNDS.fileBytesMax)
      throw refused(`${shown(path)} has ${stats.size} bytes; ${BOUNDS.fileBytesMax} is the most for one file.`)
    const bytes = new Uint8Array(stats.size)
    let done = 0
    while (done < bytes.length) {
      const read = readSync(fd, bytes, done, bytes.length - done, done)
      if (read === 0) break
      done += read
    }
    return { path, bytes: bytes.subarray(0, done), isExecutable: (stats.mode & 0o100) !== 0 }
  } finally {
    closeSync(fd)
  }
}

function opened(root: string, path: string): number {
  try {
    return openSync(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    throw refused(`Cannot read ${shown(path)}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}
