import { closeSync, constants, promises as fs, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs"
import { basename, dirname } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { fileFailure } from "./failure.ts"
import { pinFolder } from "./pinned.ts"

/** Non-blocking, so that a FIFO put in the file's place meanwhile cannot hold us; never through a last link. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/**
 * Opens a regular file for reading and hands it to `use`. Devices, FIFOs, sockets and folders are refused before they
 * are opened, and once more after.
 */
export async function withFile<T>(path: string, use: (handle: fs.FileHandle, stat: Stats) => Promise<T>): Promise<T> {
  try {
    const folder = pinFolder(dirname(path))
    let handle: fs.FileHandle
    try {
      refuseOther(path, lstatSync(folder.at(basename(path))))
      handle = await fs.open(folder.at(basename(path)), READ)
    } finally {
      folder.close()
    }
    try {
      const stat = await handle.stat()
      refuseOther(path, stat)
      return await use(handle, stat)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileFailure("read", path, error)
  }
}

/** Reads from `offset` until the end or `bytesMax`, whatever size the file claims: files of /proc claim none. */
export async function readUpTo(
  handle: fs.FileHandle,
  offset: number,
  claimed: number,
  bytesMax: number,
): Promise<Uint8Array> {
  let buffer = new Uint8Array(Math.min(Math.max(claimed - offset, 0) + 1, bytesMax))
  let length = 0
  while (length < bytesMax) {
    if (length === buffer.length) buffer = grown(buffer, Math.min(Math.max(buffer.length * 2, 65_536), bytesMax))
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, offset + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

/** The whole regular file at once, without giving way to anything else; undefined when there is no such file. */
export function readWholeSync(path: string): Uint8Array | undefined {
  const fd = openSync(path, READ)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return undefined
    let buffer = new Uint8Array(stat.size + 1)
    let length = 0
    for (;;) {
      const bytesRead = readSync(fd, buffer, length, buffer.length - length, length)
      if (bytesRead === 0) return buffer.subarray(0, length)
      length += bytesRead
      if (length === buffer.length) buffer = grown(buffer, length * 2)
    }
  } finally {
    closeSync(fd)
  }
}

/** SHA-256, hex. */
export const sha256Of = (bytes: Uint8Array): string => Bun.CryptoHasher.hash("sha256", bytes, "hex")

function grown(buffer: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}

function refuseOther(path: string, stat: Stats): void {
  if (stat.isFile()) return
  if (stat.isDirectory()) throw new ToolFailure(`${path} is a folder. Use list to see what is in it.`)
  if (stat.isSymbolicLink()) throw new ToolFailure(`${path} is a link; open what it leads to.`)
  throw new ToolFailure(`${path} is ${special(stat)}, not a file: reading it could wait for ever.`)
}

function special(stat: Stats): string {
  if (stat.isFIFO()) return "a named pipe"
  if (stat.isSocket()) return "a socket"
  return "a device"
}
