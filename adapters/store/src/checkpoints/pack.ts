import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, renameSync, unlinkSync, writeSync } from "node:fs"
import { crc32 } from "../checksum.ts"
import { refusal } from "../world.ts"
import { READ } from "./hash.ts"

/**
 * Many blobs in one file: a first look at a tree keeps thousands, and a file of its own for each would cost ten times
 * the time and a disk block each.
 *
 *     blobs, one after the other
 *     for each, sorted: its SHA-256 (32 bytes), its offset (6) and its length (4), big endian
 *     their count (4), the CRC-32 of those records (4), MAGIC (8)
 */
export interface Pack {
  readonly path: string
  readonly records: Buffer
}

export interface Place {
  readonly offset: number
  readonly length: number
}

/** Undefined for what is no whole pack: cut by a power failure, damaged, unreadable, or no file at all. */
export function openPack(path: string): Pack | undefined {
  const fd = opened(path)
  if (fd === undefined) return undefined
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return undefined
    const { size } = stats
    const end = bytesAt(fd, size - TRAILER_BYTES, TRAILER_BYTES)
    if (end === undefined || end.toString("latin1", 8) !== MAGIC) return undefined
    const length = end.readUInt32BE(0) * RECORD_BYTES
    const records = bytesAt(fd, size - TRAILER_BYTES - length, length)
    return records === undefined || crc32(records) !== end.readUInt32BE(4) ? undefined : { path, records }
  } finally {
    closeSync(fd)
  }
}

/** Where in a pack the blob lies. */
export function placeIn(pack: Pack, sha256: Buffer): Place | undefined {
  const { records } = pack
  let [low, high] = [0, records.length / RECORD_BYTES]
  while (low < high) {
    const middle = (low + high) >> 1
    const at = middle * RECORD_BYTES
    const order = records.compare(sha256, 0, 32, at, at + 32)
    if (order === 0) return { offset: records.readUIntBE(at + 32, 6), length: records.readUInt32BE(at + 38) }
    if (order < 0) low = middle + 1
    else high = middle
  }
  return undefined
}

/** Undefined when the pack is gone or shorter than it was. */
export function blobIn(pack: Pack, place: Place): Uint8Array | undefined {
  const fd = opened(pack.path)
  if (fd === undefined) return undefined
  try {
    return bytesAt(fd, place.offset, place.length)
  } finally {
    closeSync(fd)
  }
}

/** A pack in the making, under a name that nobody looks up before it is whole. */
export class PackWriter {
  private readonly fd: number
  private readonly places = new Map<string, Place>()
  private buffered: Uint8Array[] = []
  private bufferedBytes = 0
  private offset = 0
  private isOpen = true

  private readonly temporary: string

  constructor(temporary: string) {
    this.temporary = temporary
    this.fd = openSync(temporary, "wx", 0o600)
  }

  add(sha256: string, bytes: Uint8Array): void {
    this.places.set(sha256, { offset: this.offset, length: bytes.length })
    this.offset += bytes.length
    this.buffered.push(bytes)
    this.bufferedBytes += bytes.length
    if (this.bufferedBytes > BUFFER_BYTES) this.drain()
  }

  has(sha256: string): boolean {
    return this.places.has(sha256)
  }

  get count(): number {
    return this.places.size
  }

  finish(path: string, isSynced: boolean): Pack {
    const records = Buffer.alloc(this.places.size * RECORD_BYTES)
    let at = 0
    for (const [sha256, { offset, length }] of [...this.places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      records.write(sha256, at, "hex")
      records.writeUIntBE(offset, at + 32, 6)
      records.writeUInt32BE(length, at + 38)
      at += RECORD_BYTES
    }
    const end = Buffer.alloc(TRAILER_BYTES)
    end.writeUInt32BE(this.places.size, 0)
    end.writeUInt32BE(crc32(records), 4)
    end.write(MAGIC, 8, "latin1")
    this.buffered.push(records, end)
    this.drain()
    if (isSynced) fdatasyncSync(this.fd)
    this.close()
    renameSync(this.temporary, path)
    return { path, records }
  }

  discard(): void {
    this.close()
    unlinkSync(this.temporary)
  }

  private close(): void {
    if (this.isOpen) closeSync(this.fd)
    this.isOpen = false
  }

  private drain(): void {
    const bytes = Buffer.concat(this.buffered)
    this.buffered = []
    this.bufferedBytes = 0
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done, bytes.length - done)
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, READ)
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return undefined // the bytes are asked for elsewhere, and missed there
  }
}

const MAGIC = "SKNPACK1"
const RECORD_BYTES = 42
const TRAILER_BYTES = 16
const BUFFER_BYTES = 4_000_000

function bytesAt(fd: number, offset: number, length: number): Buffer | undefined {
  if (offset < 0) return undefined
  const bytes = Buffer.allocUnsafe(length)
  for (let done = 0; done < length; ) {
    const read = readSync(fd, bytes, done, length - done, offset + done)
    if (read === 0) return undefined
    done += read
  }
  return bytes
}
