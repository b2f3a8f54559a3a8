import { constants } from "node:fs"
import { type FileHandle, lstat, open } from "node:fs/promises"

/*
 * The system reads and writes files on few threads, and one that waits for a file waits for ever: a named pipe without its other
 * end, the kernel's log. So nothing here waits: what has nothing to give right now fails with EAGAIN, a pipe nobody reads with ENXIO.
 */

const PIECE_BYTES = 256 * 1024
const { O_RDONLY, O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants

/** All of a regular file. Throws for any other, for one of more than `bytesMax` bytes, and for one that would have to be waited for. */
export async function readWhole(path: string, bytesMax: number): Promise<Buffer> {
  const file = await open(path, O_RDONLY | O_NONBLOCK)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Error(`It is not a file: ${path}`)
    if (stat.size > bytesMax) throw new Error(`It has ${stat.size} bytes, and ${bytesMax} are read at most: ${path}`)
    return await pieces(file, path, bytesMax)
  } finally {
    await file.close()
  }
}

/** It may grow meanwhile, and what the kernel makes up has no size beforehand: the end is where nothing more comes. */
async function pieces(file: FileHandle, path: string, bytesMax: number): Promise<Buffer> {
  const read: Buffer[] = []
  for (let bytes = 0; ; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytesMax - bytes + 1))
    const { bytesRead } = await file.read(piece, 0, piece.length, null)
    if (bytesRead === 0) return Buffer.concat(read)
    bytes += bytesRead
    if (bytes > bytesMax) throw new Error(`It has more than ${bytesMax} bytes: ${path}`)
    read.push(piece.subarray(0, bytesRead))
  }
}

/** Writes a file in the place of what it held. Throws for a pipe that nobody reads, or that is full. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK)
  try {
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, from, bytes.length - from, null)
      from += bytesWritten
    }
  } finally {
    await file.close()
  }
}

/** Throws for what cannot be copied without waiting for it. A folder and a link are copied as they are. */
export async function probe(path: string): Promise<void> {
  const stat = await lstat(path)
  if (stat.isDirectory() || stat.isSymbolicLink()) return
  if (!stat.isFile()) throw new Error(`It is not a file: ${path}`)
  const file = await open(path, O_RDONLY | O_NONBLOCK)
  try {
    await file.read(Buffer.alloc(1), 0, 1, null)
  } finally {
    await file.close()
  }
}
