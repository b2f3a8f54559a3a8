import { lstatSync, readdirSync, unlinkSync } from "node:fs"
import { basename, join } from "node:path"
import { refusal } from "../world.ts"
import { breather } from "./breather.ts"
import { isBase, markOfBase, watchingIn } from "./mark-names.ts"
import { isRunning } from "./running.ts"

/**
 * Measures the store and, when it is over `bytesMax`, brings it down to `target`: first goes what killed processes left
 * half made, then what was used longest ago, never what was used within the hour. Answers with the bytes that are left.
 */
export async function sweep(folder: string, bytesMax: number, target: number, nowMs: number): Promise<number> {
  const breathe = breather()
  for (const { path, modifiedMs } of filesIn(join(folder, "tmp"))) {
    if (nowMs - modifiedMs > STRAY_MS && !isMade(path)) unlink(path)
  }
  forgetMarks(watchingIn(folder), nowMs)
  const kept = filesIn(join(folder, "packs"))
  for (const name of namesIn(join(folder, "blobs"))) {
    kept.push(...filesIn(join(folder, "blobs", name)))
    await breathe()
  }
  let bytes = kept.reduce((sum, file) => sum + file.bytes, 0)
  if (bytes <= bytesMax) return bytes
  kept.sort((a, b) => a.modifiedMs - b.modifiedMs)
  for (const file of kept) {
    if (bytes <= target || nowMs - file.modifiedMs < IN_USE_MS) return bytes
    unlink(file.path)
    bytes -= file.bytes
    await breathe()
  }
  return bytes
}

/** Of a session that was killed and never opened again; and what such a mark was made of before it was whole. */
function forgetMarks(folder: string, nowMs: number): void {
  const found = filesIn(folder)
  const names = new Set(found.map(({ path }) => basename(path)))
  for (const { path, modifiedMs } of found) {
    const name = basename(path)
    const isNeeded = isBase(name) ? names.has(markOfBase(name)) : nowMs - modifiedMs < MARK_MS
    if (isNeeded || isMadeBy(/\.(\d+)-[^.]*(?:\.base-\d+)?$/.exec(name)?.[1])) continue
    names.delete(name)
    unlink(path)
  }
}

const STRAY_MS = 60_000
const MARK_MS = 30 * 86_400_000
const IN_USE_MS = 3_600_000

interface Kept {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
}

function filesIn(folder: string): Kept[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = lstatSync(path, { throwIfNoEntry: false })
    // A file takes whole blocks.
    return found?.isFile() ? [{ path, bytes: Math.max(found.size, found.blocks * 512), modifiedMs: found.mtimeMs }] : []
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT") return []
    throw error
  }
}

/** Another process may sweep at the same time. */
function unlink(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (refusal(error) !== "ENOENT") throw error
  }
}

/** Names in the making begin with the id of their process. */
function isMade(path: string): boolean {
  return isMadeBy(/(\d+)-[^/]*$/.exec(path)?.[1])
}

function isMadeBy(pid: string | undefined): boolean {
  return isRunning(Number(pid))
}
