import type { PluginFile } from "../files.ts"
import { refused, shown } from "../files.ts"

/** An archive of files, the same bytes for the same files: no time and no person is in it. (POSIX ustar, in gzip.) */
export function packed(files: readonly PluginFile[], folder: string): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const blocks = sorted.flatMap(({ path, bytes, isExecutable }) => [
    header(`${folder}/${path}`, bytes.length, isExecutable),
    bytes,
    new Uint8Array(padding(bytes.length)),
  ])
  return Bun.gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]), { level: 9 })
}

const BLOCK = 512
const NAME_BYTES = 100
const PREFIX_BYTES = 155

function padding(length: number): number {
  return (BLOCK - (length % BLOCK)) % BLOCK
}

function header(path: string, size: number, isExecutable: boolean): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const [prefix, name] = parted(path)
  const fields: readonly (readonly [number, string])[] = [
    [0, name],
    [100, isExecutable ? "0000755\0" : "0000644\0"],
    [108, "0000000\0"],
    [116, "0000000\0"],
    [124, `${size.toString(8).padStart(11, "0")}\0`],
    [136, "00000000000\0"],
    [148, "        "],
    [156, "0"],
    [257, "ustar\u000000"],
    [345, prefix],
  ]
  for (const [at, text] of fields) block.write(text, at, "utf8")
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1")
  return block
}

function parted(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return ["", path]
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES) return [prefix, name]
  }
  throw refused(`The path ${shown(path)} is too long for an archive.`)
}
