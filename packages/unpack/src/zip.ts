import { inflateRawSync } from "node:zlib"
import { shown, tally, type UnpackBounds, UnpackError } from "./bounds.ts"
import { names } from "./names.ts"
import type { PackedFile } from "./packed-file.ts"

/** The files of a zip archive, as its directory lists them. Throws UnpackError. */
export function unzip(archive: Uint8Array, bounds: UnpackBounds): readonly PackedFile[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const counted = tally(bounds)
  const taken = names()
  const files: PackedFile[] = []
  for (const entry of entriesOf(view, bounds.filesMax)) {
    counted.file(entry.name, entry.size)
    if (isFolder(entry)) {
      taken.folder(entry.name)
      continue
    }
    refuseOthers(entry)
    const path = taken.file(entry.name)
    files.push({ path, bytes: contentOf(entry, view), isExecutable: (entry.mode & 0o111) !== 0 })
  }
  return files
}

export function isZip(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes
  return first === 0x50 && second === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6))
}

interface Entry {
  readonly name: string
  readonly isEncrypted: boolean
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Of Unix, with the kind of file; 0 where another system packed it. */
  readonly mode: number
  readonly headerAt: number
}

const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const COMMENT_BYTES_MAX = 0xffff
const ENTRY_SIGNATURE = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL_SIGNATURE = 0x04034b50
const LOCAL_BYTES = 30
const IN_ZIP64 = 0xffffffff

function entriesOf(view: DataView, filesMax: number): Entry[] {
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  const directoryAt = view.getUint32(end + 16, true)
  if (directoryAt === IN_ZIP64 || count === 0xffff)
    throw new UnpackError("unsupported", "It is a zip64 archive, for more than skein reads.")
  if (count > filesMax) throw new UnpackError("too_large", `It holds more than ${filesMax} files.`)
  const entries: Entry[] = []
  let at = directoryAt
  for (let n = 0; n < count; n += 1) {
    const { entry, next } = entryAt(view, at, end)
    entries.push(entry)
    at = next
  }
  return entries
}

/** The end stands behind everything, but for a comment. */
function endOf(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_BYTES - COMMENT_BYTES_MAX)
  for (let at = view.byteLength - END_BYTES; at >= lowest; at -= 1) {
    if (
      view.getUint32(at, true) === END_SIGNATURE &&
      at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength
    )
      return at
  }
  throw new UnpackError("damaged", "Its directory is missing: it is cut off.")
}

function entryAt(view: DataView, at: number, end: number): { readonly entry: Entry; readonly next: number } {
  if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE)
    throw new UnpackError("damaged", "Its directory is damaged.")
  const nameLength = view.getUint16(at + 28, true)
  const next = at + ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  if (next > end) throw new UnpackError("damaged", "Its directory is damaged.")
  const isOfUnix = [3, 19].includes(view.getUint8(at + 5))
  const entry: Entry = {
    name: textAt(view, at + ENTRY_BYTES, nameLength),
    isEncrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    mode: isOfUnix ? view.getUint16(at + 40, true) : 0,
    headerAt: view.getUint32(at + 42, true),
  }
  return { entry, next }
}

const KIND = 0o170000
const REGULAR = 0o100000
const DIRECTORY = 0o040000
const LINK = 0o120000

function isFolder({ name, mode }: Entry): boolean {
  return name.endsWith("/") || (mode & KIND) === DIRECTORY
}

function refuseOthers({ name, mode, isEncrypted, method }: Entry): void {
  const kind = mode & KIND
  if (kind !== 0 && kind !== REGULAR)
    throw new UnpackError(
      "not_a_file",
      `${shown(name)} is ${kind === LINK ? "a symbolic link" : "a device or a pipe"}.`,
    )
  if (isEncrypted) throw new UnpackError("unsupported", `${shown(name)} is encrypted.`)
  if (method !== STORED && method !== DEFLATED)
    throw new UnpackError("unsupported", `${shown(name)} is packed in a way that is not read (method ${method}).`)
}

const STORED = 0
const DEFLATED = 8

function contentOf(entry: Entry, view: DataView): Uint8Array {
  const packed = packedBytes(entry, view)
  const bytes = entry.method === STORED ? packed : inflated(packed, entry)
  if (bytes.length !== entry.size || Bun.hash.crc32(bytes) !== entry.crc)
    throw new UnpackError("damaged", `${shown(entry.name)} is not what the archive says that it is.`)
  return bytes
}

/** The name stands twice, and programs differ in which one they go by: where the two differ, it is refused. */
function packedBytes({ name, headerAt: at, packedSize }: Entry, view: DataView): Uint8Array {
  const isThere = at + LOCAL_BYTES <= view.byteLength && view.getUint32(at, true) === LOCAL_SIGNATURE
  if (!isThere) throw new UnpackError("damaged", `${shown(name)} is not where its directory says.`)
  const nameLength = view.getUint16(at + 26, true)
  const bodyAt = at + LOCAL_BYTES + nameLength + view.getUint16(at + 28, true)
  if (bodyAt + packedSize > view.byteLength) throw new UnpackError("damaged", `It is cut off within ${shown(name)}.`)
  if (textAt(view, at + LOCAL_BYTES, nameLength) !== name)
    throw new UnpackError("unsafe_path", `${shown(name)} has two names.`)
  return new Uint8Array(view.buffer, view.byteOffset + bodyAt, packedSize)
}

function inflated(packed: Uint8Array, { name, size }: Entry): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1 })
  } catch (cause) {
    throw new UnpackError("damaged", `${shown(name)} is damaged, or larger than it says.`, { cause })
  }
}

function textAt(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
}
