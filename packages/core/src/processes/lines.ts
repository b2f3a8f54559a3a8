import { utf8 } from "../context/sha256.ts"

/** Looks for patterns in an output, line by line, in time that grows with the output alone. */
export class LineWatch {
  readonly #patterns = new Map<string, readonly string[]>()
  #line = ""

  /** `*` stands for anything. */
  add(pattern: string): void {
    this.#patterns.set(pattern, asciiOf(utf8(pattern)).split("*"))
  }

  get isIdle(): boolean {
    return this.#patterns.size === 0
  }

  /** Those that a line has matched now; each is found once. */
  take(bytes: Uint8Array): readonly string[] {
    const found: string[] = []
    const parts = asciiOf(bytes).split(/\r?\n|\r/)
    for (const [at, part] of parts.entries()) {
      this.#line = (at === 0 ? this.#line + part : part).slice(-LINE_CHARS_MAX)
      for (const [pattern, pieces] of this.#patterns) {
        if (!matches(this.#line, pieces)) continue
        found.push(pattern)
        this.#patterns.delete(pattern)
      }
    }
    return found
  }
}

const LINE_CHARS_MAX = 4_000

/** Each piece stands behind the one before. */
export function matches(line: string, pieces: readonly string[]): boolean {
  let at = 0
  for (const piece of pieces) {
    const found = line.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return true
}

/** A character for each byte: a pattern is written the same way, so that no character is cut between two pieces of output. */
function asciiOf(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return text
}
