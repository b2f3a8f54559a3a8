import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** A larger index is not looked into. */
const BYTES_MAX = 64_000_000
const SUBMODULE = 0o160000
/** Behind it stand the object's name, two bytes of flags, and the path. */
const MODE_AT = 24
const NAME_AT = 40

/** Paths of the submodules that a repository's index holds; undefined where it cannot be read. See gitformat-index(5). */
export async function submodulesIn(repository: string): Promise<readonly string[] | undefined> {
  const names = await namesIn(repository)
  const found: string[] = []
  for (const name of names.filter((one) => one === "index" || one.startsWith("sharedindex."))) {
    const paths = await readIndex(join(repository, name))
    if (paths === undefined) return undefined
    found.push(...paths)
  }
  return found
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    // Not a folder that can be looked at: git does not get further either.
    return []
  }
}

async function readIndex(path: string): Promise<readonly string[] | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch {
    // Not readable, or no file: what git makes of it cannot be told.
    return undefined
  }
  if (bytes.length === 0) return []
  if (bytes.length > BYTES_MAX || bytes.length < 12 || bytes.toString("latin1", 0, 4) !== "DIRC") return undefined
  // A quick look spares reading entries where none can be a submodule.
  if (!bytes.includes(Buffer.from([0, 0, 0xe0, 0]))) return []
  return entries(bytes, 20) ?? entries(bytes, 32)
}

/** With names of objects this long. Undefined where the entries do not end where they have to. */
function entries(bytes: Buffer, hashBytes: number): readonly string[] | undefined {
  const version = bytes.readUInt32BE(4)
  const count = bytes.readUInt32BE(8)
  if (version < 2 || version > 4) return undefined
  const found: string[] = []
  let before = ""
  let at = 12
  for (let entry = 0; entry < count; entry += 1) {
    const flagsAt = at + NAME_AT + hashBytes
    if (flagsAt + 4 > bytes.length) return undefined
    const mode = bytes.readUInt32BE(at + MODE_AT)
    if (![0o100644, 0o100755, 0o100664, 0o120000, 0o040000, SUBMODULE].includes(mode)) return undefined
    let from = flagsAt + ((bytes.readUInt16BE(flagsAt) & 0x4000) !== 0 ? 4 : 2)
    let kept = ""
    if (version === 4) {
      const { value, next } = offset(bytes, from)
      kept = before.slice(0, Math.max(before.length - value, 0))
      from = next
    }
    const end = bytes.indexOf(0, from)
    if (end < 0) return undefined
    // One character a byte, so that lengths count bytes.
    before = kept + bytes.toString("latin1", from, end)
    if (mode === SUBMODULE) found.push(Buffer.from(before, "latin1").toString("utf8"))
    at = version === 4 ? end + 1 : at + Math.ceil((end - at + 1) / 8) * 8
  }
  return found
}

/** A number as packs write offsets. */
function offset(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let at = from
  let byte = bytes[at++] ?? 0
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, next: at }
}
