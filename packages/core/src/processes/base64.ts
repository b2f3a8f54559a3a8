import { SkeinError } from "@skein/protocol"

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** RFC 4648, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += digit(bits >> 18) + digit(bits >> 12) + (b === undefined ? "=" : digit(bits >> 6))
    text += c === undefined ? "=" : digit(bits)
  }
  return text
}

/** Throws SkeinError `op.invalid`. */
export function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/={0,2}$/, "")
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let bits = 0
  let at = 0
  for (const [count, char] of [...digits].entries()) {
    const value = DIGITS.indexOf(char)
    if (value < 0 || digits.length % 4 === 1) throw new SkeinError("op.invalid", "The input is not base64.")
    bits = ((bits << 6) | value) & 0xffffff
    if (count % 4 > 0) bytes[at++] = (bits >> (6 - 2 * (count % 4))) & 0xff
  }
  return bytes
}

function digit(bits: number): string {
  return DIGITS.charAt(bits & 63)
}
