import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs"
import type { FileVersion } from "@skein/protocol"
import { refusal } from "../world.ts"
import type { Batch } from "./batch.ts"
import { permissions } from "./entry.ts"
import { READ, sha256OfFile } from "./hash.ts"

export interface LookOptions {
  /** Undefined: the bytes are read, and kept nowhere. */
  readonly batch: Batch | undefined
  /** A larger file is kept only where the file system can share its blocks. */
  readonly keepBytesMax: number
  /** A larger file that cannot be kept is not read. */
  readonly readBytesMax: number
}

export type Looked = { readonly version: FileVersion } | { readonly gone: true } | { readonly unreadable: string }

/**
 * What stands at a path that was just seen to have `stats`, with its bytes. Opens nothing but that very file: a FIFO or a
 * link that took its place in between is `gone`.
 */
export async function look(path: string, stats: Stats, options: LookOptions): Promise<Looked> {
  try {
    if (stats.isDirectory()) return { version: { kind: "folder", mode: permissions(stats) } }
    if (stats.isSymbolicLink()) return { version: { kind: "link", target: readlinkSync(path) } }
    return { version: await fileVersion(path, stats, options) }
  } catch (error) {
    const code = refusal(error)
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EINVAL" || error instanceof Replaced) {
      return { gone: true }
    }
    if (code === undefined) throw error
    return { unreadable: code }
  }
}

class Replaced extends Error {}

async function fileVersion(path: string, stats: Stats, options: LookOptions): Promise<FileVersion> {
  const fd = openSync(path, READ)
  try {
    const opened = fstatSync(fd)
    if (!opened.isFile() || opened.ino !== stats.ino) throw new Replaced(path)
    const bytes = opened.size
    const mode = permissions(opened)
    const { batch, keepBytesMax, readBytesMax } = options
    if (bytes <= IN_MEMORY_BYTES && bytes <= Math.max(keepBytesMax, readBytesMax)) {
      const content = steadyContent(fd, opened)
      if (batch !== undefined && bytes <= keepBytesMax)
        return { kind: "file", bytes: content.length, mode, ...batch.keep(content) }
      const sha256 = Bun.CryptoHasher.hash("sha256", content, "hex")
      return { kind: "file", bytes: content.length, mode, sha256, isKept: false }
    }
    const source = hasDescriptors() ? `/proc/self/fd/${fd}` : path
    const kept = batch === undefined ? NOT_KEPT : await batch.keepFile(source, bytes, bytes <= keepBytesMax)
    if (kept.isKept || bytes > readBytesMax) return { kind: "file", bytes, mode, ...kept }
    return { kind: "file", bytes, mode, sha256: sha256OfFile(path), isKept: false }
  } finally {
    closeSync(fd)
  }
}

const NOT_KEPT = { sha256: "", isKept: false }
const IN_MEMORY_BYTES = 16_000_000

/** Read again while somebody writes it: half of an old and half of a new content is nobody's. */
function steadyContent(fd: number, opened: Stats): Uint8Array {
  let before = opened
  for (let tries = 1; ; tries++) {
    const content = wholeFile(fd, before.size)
    const after = fstatSync(fd)
    if (tries === READS_MAX || (after.mtimeMs === before.mtimeMs && after.size === before.size)) return content
    before = after
  }
}

const READS_MAX = 3

/** As long as it was when it was opened: what it gained since shows in its time stamps, and is read the next time. */
function wholeFile(fd: number, bytes: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(bytes)
  for (let done = 0; done < bytes; ) {
    const read = readSync(fd, buffer, done, bytes - done, done)
    if (read === 0) return buffer.subarray(0, done)
    done += read
  }
  return buffer
}

export function hasDescriptors(): boolean {
  return process.platform === "linux"
}

/** Opens what is there without reading it, so that no permission is needed: Linux only. */
export const O_PATH = process.platform === "linux" ? 0o10000000 : constants.O_RDONLY
