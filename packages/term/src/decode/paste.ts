/** Bytes between the marks of a bracketed paste, however they were cut. */
export class BracketedPaste {
  #pieces: Uint8Array[] = []
  /** What of the end mark the newest bytes may begin. */
  #tail: Uint8Array = NOTHING
  #silences = 0

  /** Takes what belongs to it. Bytes after its end, or undefined while it goes on. */
  take(bytes: Uint8Array): Uint8Array | undefined {
    this.#silences = 0
    const all = joined([this.#tail, bytes])
    const end = indexOf(all, END)
    if (end >= 0) {
      this.#pieces.push(all.subarray(0, end))
      this.#tail = NOTHING
      return all.subarray(end + END.length)
    }
    const kept = Math.min(all.length, END.length - 1)
    this.#pieces.push(all.slice(0, all.length - kept))
    this.#tail = all.slice(all.length - kept)
    return undefined
  }

  /** A terminal that forgets the end must not keep the keyboard for ever. */
  hasLapsed(): boolean {
    return ++this.#silences >= SILENCES_MAX
  }

  text(): string {
    return pastedText([...this.#pieces, this.#tail])
  }
}

/** As it was copied: terminals write a newline as Enter does. */
export function pastedText(pieces: readonly Uint8Array[]): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(joined(pieces)).replace(/\r\n?/g, "\n")
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces.filter(({ length }) => length > 0)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (only === undefined || only.length === length) return only ?? NOTHING
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function indexOf(bytes: Uint8Array, wanted: readonly number[]): number {
  for (let at = bytes.indexOf(ESC); at >= 0; at = bytes.indexOf(ESC, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at
  }
  return -1
}

const NOTHING = new Uint8Array(0)
const ESC = 0x1b
/** `ESC [ 201 ~`. */
const END = [ESC, 0x5b, 0x32, 0x30, 0x31, 0x7e]
/** Of the owner's timeout: a second or two. */
const SILENCES_MAX = 40
