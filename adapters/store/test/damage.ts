import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"

/** Ways in which a derived file can go bad. */
export const damages: readonly (readonly [name: string, damage: (path: string) => void])[] = [
  ["deleted", (path) => rmSync(path)],
  ["emptied", (path) => truncateSync(path, 0)],
  ["cut in half", (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2))],
  ["one byte short", (path) => truncateSync(path, readFileSync(path).length - 1)],
  ["zeroed", (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length))],
  ["garbage", (path) => writeFileSync(path, garbage(readFileSync(path).length))],
  ["half garbage", (path) => writeFileSync(path, halfGarbage(readFileSync(path)))],
  ["a flipped bit", (path) => writeFileSync(path, flipped(readFileSync(path)))],
]

function garbage(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 7919 + (index >> 3)) & 0xff))
}

function halfGarbage(bytes: Buffer): Buffer {
  const half = Math.floor(bytes.length / 2)
  return Buffer.concat([bytes.subarray(0, half), garbage(bytes.length - half)])
}

function flipped(bytes: Buffer): Buffer {
  const at = Math.floor(bytes.length / 3)
  bytes[at] = (bytes[at] ?? 0) ^ 2
  return bytes
}
