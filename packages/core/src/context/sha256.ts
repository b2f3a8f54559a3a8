/** SHA-256 of a text's UTF-8 bytes, hex (FIPS 180-4). Hashing is no I/O, and the core has no platform to ask for it. */
export function sha256(text: string): string {
  const blocks = padded(utf8(text))
  const hash = Uint32Array.from(INITIAL)
  const words = new Uint32Array(64)
  for (let at = 0; at < blocks.length; at += 16) mix(hash, blocks.subarray(at, at + 16), words)
  return [...hash].map((word) => word.toString(16).padStart(8, "0")).join("")
}

/** How many bytes a text has in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Half of a pair counts two: four for the pair. Alone it is written as U+FFFD, which has three.
    if (unit < 0x800 || isPaired(text, at, unit)) bytes += 1
    else bytes += 2
  }
  return bytes
}

function isPaired(text: string, at: number, unit: number): boolean {
  if (unit >= 0xd800 && unit < 0xdc00) return (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
  return unit >= 0xdc00 && unit < 0xe000 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Bytes(text))
  let at = 0
  for (const character of text.isWellFormed() ? text : text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) bytes[at++] = code
    else {
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
      bytes[at++] = (0xf0 << (3 - more)) | (code >> (6 * more))
      for (let left = more - 1; left >= 0; left--) bytes[at++] = 0x80 | ((code >> (6 * left)) & 0x3f)
    }
  }
  return bytes
}

/** The message as words of 32 bits, big end first, with its closing bit and its length. */
function padded(bytes: Uint8Array): Uint32Array {
  const end = bytes.length
  const words = new Uint32Array((((end + 8) >> 6) + 1) * 16)
  for (let at = 0; at < end; at++) words[at >> 2] = word(words, at >> 2) | (word(bytes, at) << (24 - (at & 3) * 8))
  words[end >> 2] = word(words, end >> 2) | (0x80 << (24 - (end & 3) * 8))
  words[words.length - 2] = Math.floor(end / 0x20000000)
  words[words.length - 1] = end << 3
  return words
}

// Written out, without lists and calls of many arguments: the person's words of a long session pass through here.
function mix(hash: Uint32Array, block: Uint32Array, words: Uint32Array): void {
  words.set(block)
  for (let at = 16; at < 64; at++) {
    const near = word(words, at - 2)
    const far = word(words, at - 15)
    const nearMixed = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10)
    const farMixed = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)
    words[at] = nearMixed + word(words, at - 7) + farMixed + word(words, at - 16)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let at = 0; at < 64; at++) {
    const chosen = (e & f) ^ (~e & g)
    const most = (a & b) ^ (a & c) ^ (b & c)
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + word(K, at) + word(words, at)) | 0
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [at, value] of [a, b, c, d, e, f, g, h].entries()) hash[at] = word(hash, at) + value
}

function word(words: Uint32Array | Uint8Array, at: number): number {
  return words[at] ?? 0
}

function turned(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by))
}

/** The first bits of the fractions of the roots of the first primes: where the standard has its constants from. */
const PRIMES = Array.from({ length: 310 }, (_, at) => at + 2).filter((n) => !hasDivisor(n))
const K = Uint32Array.from(PRIMES.slice(0, 64), (prime) => fraction(Math.cbrt(prime)))
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

function hasDivisor(n: number): boolean {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return true
  return false
}

function fraction(value: number): number {
  return Math.floor((value % 1) * 2 ** 32)
}
