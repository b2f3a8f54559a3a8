import type { Input } from "../input.ts"
import type { Color } from "../line.ts"

/** What an operating system command or a device control string says, terminators taken off; undefined for any we did not ask for. */
export function stringInput(introducer: string, body: string): Input | undefined {
  if (introducer === "P") {
    return body.startsWith(">|") ? { kind: "reply", reply: { kind: "name", text: body.slice(2) } } : undefined
  }
  if (introducer !== "]") return undefined
  const color = body.startsWith("11;") ? colorOf(body.slice(3)) : undefined
  return color === undefined ? undefined : { kind: "reply", reply: { kind: "background", color } }
}

/** `rgb:ffff/0000/8080` with one to four digits each, or `#rrggbb`. */
function colorOf(text: string): Color | undefined {
  const plain = /^#([0-9a-f]{6})$/i.exec(text)
  if (plain !== null) return `#${plain[1]?.toLowerCase()}`
  const parts = /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})/i.exec(text)
  if (parts === null) return undefined
  const [red, green, blue] = parts.slice(1, 4).map(byteOf)
  return `#${red}${green}${blue}`
}

/** However many digits it has, all of them set are the brightest. */
function byteOf(digits: string): string {
  const share = Number.parseInt(digits, 16) / (16 ** digits.length - 1)
  return Math.round(share * 255)
    .toString(16)
    .padStart(2, "0")
}
