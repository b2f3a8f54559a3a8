import { linkSync, lstatSync, type Stats, unlinkSync } from "node:fs"
import { refusal } from "../world.ts"
import type { Row } from "./manifest.ts"
import type { Scan } from "./scan.ts"

/** What makes one look at a tree out of another. */
export interface Difference {
  readonly gone: readonly string[]
  /** New ones, and those that are seen anew. */
  readonly rows: readonly Row[]
}

/** Undefined when it is more than `max`. What a look has not seen anew is the very same entry. */
export function differenceOf(from: Scan, to: Scan, max: number): Difference | undefined {
  if (from === to) return { gone: [], rows: [] }
  const rows: Row[] = []
  let sharedCount = 0
  for (const [path, entry] of to.entries) {
    const was = from.entries.get(path)
    if (was !== undefined) sharedCount += 1
    if (was === entry) continue
    rows.push([path, entry])
    if (rows.length > max) return undefined
  }
  if (from.entries.size - sharedCount > max) return undefined
  if (from.entries.size === sharedCount) return { gone: [], rows }
  return { gone: [...from.entries.keys()].filter((path) => !to.entries.has(path)), rows }
}

/** Gives the file at `path` a second name, if it is still this one. False where that cannot be. */
export function isLinked(path: string, name: string, file: Stats): boolean {
  try {
    linkSync(path, name)
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return false // gone meanwhile, or a file system without second names
  }
  const now = lstatSync(name)
  if (now.ino === file.ino && now.size === file.size && now.mtimeMs === file.mtimeMs) return true
  unlinkSync(name)
  return false
}
