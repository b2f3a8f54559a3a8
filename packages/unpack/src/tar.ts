import { shown, type Tally, tally, type UnpackBounds, UnpackError } from "./bounds.ts"
import { type Names, names } from "./names.ts"
import type { PackedFile } from "./packed-file.ts"

/** The files of a tar archive: ustar, with the longer names of pax and GNU. Throws UnpackError. */
export function untar(archive: Uint8Array, bounds: UnpackBounds): readonly PackedFile[] {
  const reading: Reading = { archive, names: names(), tally: tally(bounds), files: [] }
  let told: Told = {}
  for (let at = 0; at < archive.length; ) {
    const header = headerAt(archive, at)
    // Two empty headers are the end; what lies behind them is nobody's.
    if (header === undefined) return reading.files
    const isTelling = TELLING.has(header.type)
    const size = isTelling ? header.size : (told.size ?? header.size)
    const body = bodyAt(archive, at + BLOCK, size, header.name)
    told = isTelling ? toldBy(header, body, told) : read({ ...header, ...told, size }, body, reading)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return reading.files
}

export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && (textIn(bytes, 257, 5) === "ustar" || isSummed(bytes.subarray(0, BLOCK)))
}

const BLOCK = 512

interface Header {
  readonly name: string
  readonly size: number
  readonly type: string
  readonly mode: number
}

/** What a header before says of the file behind it. */
interface Told {
  readonly name?: string
  readonly size?: number
}

interface Reading {
  readonly archive: Uint8Array
  readonly names: Names
  readonly tally: Tally
  readonly files: PackedFile[]
}

/** Headers that tell of the next one: pax, and long names of GNU. `g` tells of all, and is a comment where git writes it. */
const TELLING = new Set(["x", "g", "L"])
const FILE_TYPES = new Set(["0", "\0", "7"])
const FOLDER = "5"
const KINDS: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  K: "a link with a long name",
  S: "a file with holes",
}

function read(header: Header, body: Uint8Array, { names: taken, tally: counted, files }: Reading): Told {
  if (header.type === FOLDER) {
    counted.file(header.name, 0)
    taken.folder(header.name)
    return {}
  }
  if (!FILE_TYPES.has(header.type)) {
    const kind = KINDS[header.type] ?? `of an unknown kind (${shown(header.type)})`
    throw new UnpackError("not_a_file", `${shown(header.name)} is ${kind}.`)
  }
  counted.file(header.name, header.size)
  const path = taken.file(header.name)
  files.push({ path, bytes: body, isExecutable: (header.mode & 0o111) !== 0 })
  return {}
}

function headerAt(archive: Uint8Array, at: number): Header | undefined {
  const block = archive.subarray(at, at + BLOCK)
  if (block.length < BLOCK) throw new UnpackError("damaged", "It is cut off within a header.")
  if (block.every((byte) => byte === 0)) return undefined
  if (!isSummed(block)) throw new UnpackError("damaged", `The header at byte ${at} has a wrong checksum.`)
  const prefix = textIn(block, 257, 6) === "ustar" ? textIn(block, 345, 155) : ""
  const name = textIn(block, 0, 100)
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: numberIn(block, 124, 12),
    type: String.fromCharCode(block[156] ?? 0),
    mode: numberIn(block, 100, 8),
  }
}

function isSummed(block: Uint8Array): boolean {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  const said = textIn(block, 148, 8).trim()
  return /^[0-7]+$/.test(said) && Number.parseInt(said, 8) === sum
}

function bodyAt(archive: Uint8Array, at: number, size: number, name: string): Uint8Array {
  if (at + size > archive.length) throw new UnpackError("damaged", `It is cut off within ${shown(name)}.`)
  return archive.subarray(at, at + size)
}

const TOLD_BYTES_MAX = 64 * 1024

function toldBy({ type, size, name }: Header, body: Uint8Array, before: Told): Told {
  if (size > TOLD_BYTES_MAX) throw new UnpackError("too_large", `What it says of ${shown(name)} is too long.`)
  const text = decoded(body)
  if (type === "g") return before
  if (type === "L") return { ...before, name: text.replace(/\0+$/, "") }
  const records = paxRecords(text, body.length)
  if (records.has("linkpath") || [...records.keys()].some((key) => key.startsWith("GNU.sparse")))
    throw new UnpackError("not_a_file", `${shown(records.get("path") ?? name)} is a link or a file with holes.`)
  const path = records.get("path")
  const told = records.get("size")
  if (told !== undefined && !/^\d{1,15}$/.test(told)) throw new UnpackError("damaged", "It has a size that is none.")
  return {
    ...before,
    ...(path === undefined ? {} : { name: path }),
    ...(told === undefined ? {} : { size: Number(told) }),
  }
}

/** Records of `<length> <key>=<value>\n`, the length in bytes. */
function paxRecords(text: string, bytes: number): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  const body = Buffer.from(text)
  for (let at = 0; at < bytes; ) {
    const length = Number.parseInt(body.subarray(at, at + 8).toString(), 10)
    const record = body.subarray(at, at + length).toString()
    const parts = /^\d+ ([^=]+)=([\s\S]*)\n$/.exec(record)
    if (!(length > 0) || parts === null) throw new UnpackError("damaged", "What it says of a file cannot be read.")
    records.set(parts[1] ?? "", parts[2] ?? "")
    at += length
  }
  return records
}

function numberIn(block: Uint8Array, at: number, length: number): number {
  const first = block[at] ?? 0
  // GNU writes sizes beyond 8 GB in another base; nothing that large is read.
  if (first >= 0x80) throw new UnpackError("too_large", "It holds a file of more than 8 GB.")
  const text = textIn(block, at, length).trim()
  if (!/^[0-7]*$/.test(text)) throw new UnpackError("damaged", "It has a number that is none.")
  return text === "" ? 0 : Number.parseInt(text, 8)
}

function textIn(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return decoded(end === -1 ? field : field.subarray(0, end))
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
