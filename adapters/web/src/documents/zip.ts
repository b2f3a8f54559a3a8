import { inflateRawSync } from "node:zlib"
import { ToolFailure } from "@skein/core/ports"

const ENTRIES_MAX = 20_000
/** Of one file, and of all that are taken out, unpacked. */
const ENTRY_BYTES_MAX = 64 * 1024 * 1024
const TOTAL_BYTES_MAX = 128 * 1024 * 1024

export interface Archive {
  readonly names: readonly string[]
  /** Undefined for a name it does not have. Throws ToolFailure for what is damaged or too large. */
  read(name: string): Uint8Array | undefined
}

interface Entry {
  readonly method: number
  readonly isLocked: boolean
  readonly packed: number
  readonly size: number
  readonly at: number
}

/** Reads an archive by its directory: APPNOTE.TXT 6.3.10, §4.3.12 and §4.3.16. Nothing is unpacked before it is asked for. */
export function archiveOf(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = directory(view, bytes)
  let total = 0
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name)
      if (entry === undefined) return undefined
      if (entry.isLocked) throw new ToolFailure("The document is locked with a password.")
      const content = unpacked(view, bytes, entry, Math.min(ENTRY_BYTES_MAX, TOTAL_BYTES_MAX - total))
      total += content.length
      return content
    },
  }
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const COMMENT_BYTES_MAX = 0xffff

function directory(view: DataView, bytes: Uint8Array): ReadonlyMap<string, Entry> {
  const end = endOf(view)
  const entries = new Map<string, Entry>()
  let at = view.getUint32(end + 16, true)
  const count = Math.min(view.getUint16(end + 10, true), ENTRIES_MAX)
  for (let number = 0; number < count; number += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw damaged()
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + (nameBytes ?? 0)))
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      isLocked: (view.getUint16(at + 8, true) & 1) === 1,
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    })
    at += 46 + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0)
  }
  return entries
}

function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - COMMENT_BYTES_MAX)
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END) return at
  }
  throw damaged()
}

function unpacked(view: DataView, bytes: Uint8Array, entry: Entry, bytesMax: number): Uint8Array {
  if (entry.size > bytesMax) throw tooLarge()
  if (entry.at + 30 > view.byteLength || view.getUint32(entry.at, true) !== LOCAL) throw damaged()
  const from = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
  const packed = bytes.subarray(from, from + entry.packed)
  if (packed.length !== entry.packed) throw damaged()
  if (entry.method === 0) return packed
  if (entry.method !== 8) throw new ToolFailure("The document is packed in a way that is not read here.")
  try {
    // What the directory says of the size is only a claim.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) })
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown }
    throw code === "ERR_BUFFER_TOO_LARGE" ? tooLarge() : damaged(cause)
  }
}

function tooLarge(): ToolFailure {
  return new ToolFailure(
    `The document holds more than ${TOTAL_BYTES_MAX / 1024 / 1024} MB when it is unpacked: not read.`,
  )
}

function damaged(cause?: unknown): ToolFailure {
  return new ToolFailure("The document is damaged: it cannot be unpacked.", { cause })
}
