const SUBMODULE = 0o160000
const MODES: ReadonlySet<number> = new Set([0o100644, 0o100755, 0o100664, 0o120000, 0o040000, SUBMODULE])
/** Behind the mode stand the object's name, two bytes of flags, and the path. */
const MODE_AT = 24
const NAME_AT = 40

/**
 * Paths of the submodules that a repository's index names, one character a byte: git looks into each with the settings of
 * its own. Undefined when it cannot be read. Source: gitformat-index(5).
 */
export function gitSubmodules(index: Uint8Array): readonly string[] | undefined {
  if (index.length === 0) return []
  if (index.length < 12 || latin(index, 0, 4) !== "DIRC") return undefined
  // Most have none, and reading a large one takes longer than all else.
  return holdsMode(index) ? (entries(index, 20) ?? entries(index, 32)) : []
}

/** Whether the mode of a submodule stands anywhere, in an entry or not. */
function holdsMode(index: Uint8Array): boolean {
  for (let at = index.indexOf(0xe0); at >= 0; at = index.indexOf(0xe0, at + 1)) {
    if (index[at - 2] === 0 && index[at - 1] === 0 && index[at + 1] === 0) return true
  }
  return false
}

/** With names of objects this long. Undefined where the entries are none that git would write. */
function entries(index: Uint8Array, hashBytes: number): readonly string[] | undefined {
  const view = new DataView(index.buffer, index.byteOffset, index.length)
  const version = view.getUint32(4)
  const count = view.getUint32(8)
  if (version < 2 || version > 4) return undefined
  const found: string[] = []
  let before = ""
  let at = 12
  for (let entry = 0; entry < count; entry += 1) {
    const flagsAt = at + NAME_AT + hashBytes
    if (flagsAt + 4 > index.length) return undefined
    const mode = view.getUint32(at + MODE_AT)
    if (!MODES.has(mode)) return undefined
    const isExtended = (view.getUint16(flagsAt) & 0x4000) !== 0
    const rest = flagsAt + (isExtended ? 4 : 2)
    const { value: cut, next } = version === 4 ? offset(index, rest) : { value: before.length, next: rest }
    const end = index.indexOf(0, next)
    if (end < 0) return undefined
    // One character a byte, so that lengths count bytes.
    before = before.slice(0, Math.max(before.length - cut, 0)) + latin(index, next, end)
    if (mode === SUBMODULE) found.push(before)
    at = version === 4 ? end + 1 : at + Math.ceil((end - at + 1) / 8) * 8
  }
  return found
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = ""
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** A number as packs write offsets. */
function offset(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let at = from
  let byte = bytes[at++] ?? 0
  let value = byte & 0x7f
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0
    value = (value + 1) * 128 + (byte & 0x7f)
  }
  return { value, next: at }
}
