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

/** What is larger is read piece by piece, so that others get their turn. */
const AT_ONCE_MAX = 128 * 1024

/**
 * A small file as `withFile` reads it, without giving way: going to another thread and back for each of five calls costs
 * many times what they do. Undefined for what is larger, or does not say how large it is.
 */
export function readAtOnce(path: string): Uint8Array | undefined {
  try {
    const folder = pinFolder(dirname(path))
    try {
      const { size } = refuseOther(path, lstatSync(folder.at(basename(path))))
      return size === 0 || size > AT_ONCE_MAX ? undefined : readOpened(path, folder.at(basename(path)))
    } finally {
      folder.close()
    }
  } catch (error) {
    throw fileFailure("read", path, error)
  }
}

function readOpened(path: string, pinned: string): Uint8Array | undefined {
  const fd = openSync(pinned, READ)
  try {
    const { size } = refuseOther(path, fstatSync(fd))
    // One byte more tells whether it ends where it says.
    const buffer = new Uint8Array(Math.min(size, AT_ONCE_MAX) + 1)
    let length = 0
    while (length < buffer.length) {
      const bytesRead = readSync(fd, buffer, length, buffer.length - length, length)
      if (bytesRead === 0) return buffer.subarray(0, length)
      length += bytesRead
    }
    return undefined
  } finally {
    closeSync(fd)
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

function refuseOther(path: string, stat: Stats): Stats {
  if (stat.isFile()) return stat
  if (stat.isDirectory()) throw new ToolFailure(`${path} is a folder. Use list to see what is in it.`)
  if (stat.isSymbolicLink()) throw new ToolFailure(`${path} is a link; open what it leads to.`)
  throw new ToolFailure(`${path} is ${special(stat)}, not a file: reading it could wait for ever.`)
}

function special(stat: Stats): string {
  if (stat.isFIFO()) return "a named pipe"
  if (stat.isSocket()) return "a socket"
  return "a device"
}
