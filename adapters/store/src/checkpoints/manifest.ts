import { lstatSync, mkdirSync, renameSync, type Stats, writeFileSync } from "node:fs"
import { join } from "node:path"
import { crc32 } from "../checksum.ts"
import type { Blobs } from "./blobs.ts"
import { breather } from "./breather.ts"
import type { Entry } from "./entry.ts"
import { regularContent } from "./hash.ts"
import { emptyScan, type Scan } from "./scan.ts"
import type { Closed } from "./walk.ts"

/**
 * What is known of a tree, for the next process: it then reads only what differs. `<folder>/manifests/<hash of root>`,
 * lines of JSON and the CRC-32 of them. It is a cache: damaged, of another version or gone, the tree is read anew. Answers
 * with the file as written.
 */
export async function saveManifest(blobs: Blobs, scan: Scan, to?: string): Promise<Stats> {
  const breathe = breather()
  const lines = [JSON.stringify([VERSION, scan.root, [...scan.closed]])]
  let rows: Row[] = []
  for (const [path, entry] of scan.entries) {
    rows.push([path, entry])
    if (rows.length < ROWS) continue
    lines.push(JSON.stringify(rows))
    rows = []
    await breathe()
  }
  const body = Buffer.from(`${[...lines, JSON.stringify(rows)].join("\n")}\n`)
  mkdirSync(join(blobs.folder, "manifests"), { recursive: true, mode: 0o700 })
  const temporary = blobs.temporary()
  writeFileSync(temporary, Buffer.concat([body, Buffer.from(sum(body))]), { flag: "wx", mode: 0o600 })
  const written = lstatSync(temporary)
  renameSync(temporary, to ?? manifestOf(blobs, scan.root))
  return written
}

/** Undefined when there is none that can be believed. */
export async function loadManifest(
  blobs: Blobs,
  root: string,
  from = manifestOf(blobs, root),
): Promise<Scan | undefined> {
  const lines = summedLines(from)
  if (lines === undefined) return undefined
  const [version, forRoot, closed] = JSON.parse(lines[0] ?? "[]") as [number, string, [string, Closed][]]
  if (version !== VERSION || forRoot !== root) return undefined
  const breathe = breather()
  const entries = new Map<string, Entry>()
  for (const line of lines.slice(1)) {
    for (const [path, entry] of JSON.parse(line) as Row[]) entries.set(path, withKept(entry, blobs))
    await breathe()
  }
  return { ...emptyScan(root), entries, closed: new Map(closed) }
}

export type Row = readonly [path: string, entry: Entry]

const VERSION = 1
const ROWS = 1_000
const SUM_LENGTH = 8

export function manifestOf(blobs: Blobs, root: string): string {
  return join(blobs.folder, "manifests", Bun.CryptoHasher.hash("sha256", root, "hex").slice(0, 32))
}

/** Undefined when it is gone or not whole. */
export function summedLines(path: string): string[] | undefined {
  const bytes = regularContent(path)
  const body = bytes?.subarray(0, -SUM_LENGTH)
  if (bytes === undefined || body === undefined || bytes.length <= SUM_LENGTH) return undefined
  if (bytes.toString("latin1", body.length) !== sum(body)) return undefined
  return body.toString("utf8").trimEnd().split("\n")
}

export function sum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(SUM_LENGTH, "0")
}

/** The store may have let blobs go since. */
export function withKept(entry: Entry, blobs: Blobs): Entry {
  const { version } = entry
  if (version.kind !== "file" || !version.isKept || blobs.has(version.sha256)) return entry
  return { ...entry, version: { ...version, isKept: false } }
}
