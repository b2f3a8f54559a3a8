import { lstatSync, readdirSync } from "node:fs"
import type { Pinned } from "./pinned.ts"

/**
 * One path of a real folder, as a layer found it. `tree` stands for all that is below a folder. The system sets the
 * change time (`ctimeNs`) and lets nobody set it back: same size and same modification time prove nothing.
 */
export interface Found {
  readonly kind: "file" | "folder" | "link" | "other"
  readonly ino: bigint
  readonly size: bigint
  readonly mode: number
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly tree?: string | undefined
}

/** More than this below one folder is not compared, so not kept. */
const TREE_ENTRIES_MAX = 300_000

/** Undefined when nothing is there. With `isWhole`, all that is below a folder counts. */
export function find(folder: Pinned, name: string, isWhole: boolean): Found | undefined {
  const stats = lstatSync(folder.at(name), { bigint: true, throwIfNoEntry: false })
  if (stats === undefined) return undefined
  const kind = kindOf(stats)
  // The size of a folder is the file system's business.
  const size = kind === "folder" ? 0n : stats.size
  const mtimeNs = kind === "folder" ? 0n : stats.mtimeNs
  const { ino, ctimeNs } = stats
  const found = { kind, ino, size, mode: Number(stats.mode), mtimeNs, ctimeNs }
  if (kind !== "folder" || !isWhole) return found
  const tree = treeOf(folder, name)
  return { ...found, ctimeNs: later(tree.ctimeNs, ctimeNs), tree: tree.sum }
}

/** The same line: the same thing with the same content, wherever it was moved. A rename changes its own change time only. */
export function lineOf({ kind, ino, size, mode, mtimeNs, tree }: Found): string {
  return [kind, ino, size, mode, mtimeNs, tree ?? ""].join(" ")
}

/** Whether nothing at all has happened to it. */
export function isUntouched(a: Found | undefined, b: Found | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return lineOf(a) === lineOf(b) && (a.kind === "folder" || a.ctimeNs === b.ctimeNs)
}

export function kindOf(stats: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): Found["kind"] {
  if (stats.isFile()) return "file"
  if (stats.isDirectory()) return "folder"
  return stats.isSymbolicLink() ? "link" : "other"
}

/** The latest change, and a sum over every name below a folder and what the system says about it. */
function treeOf(outer: Pinned, name: string): { readonly ctimeNs: bigint; readonly sum: string } {
  const hash = new Bun.CryptoHasher("sha256")
  let latest = 0n
  let count = 0
  const walk = (folder: Pinned, path: string) => {
    for (const entry of readdirSync(folder.at(".")).toSorted()) {
      count += 1
      if (count > TREE_ENTRIES_MAX) throw Object.assign(new Error(`E2BIG: ${outer.path}/${name}`), { code: "E2BIG" })
      const stats = lstatSync(folder.at(entry), { bigint: true })
      latest = later(latest, stats.ctimeNs)
      hash.update(`${path}/${entry}\0${stats.ino}\0${stats.mode}\0${stats.ctimeNs}\n`)
      if (!stats.isDirectory()) continue
      using inner = folder.child(entry)
      walk(inner, `${path}/${entry}`)
    }
  }
  using top = outer.child(name)
  walk(top, "")
  return { ctimeNs: latest, sum: hash.digest("hex") }
}

function later(a: bigint, b: bigint): bigint {
  return [a, b].toSorted((one, other) => Number(one - other))[1] ?? a
}
