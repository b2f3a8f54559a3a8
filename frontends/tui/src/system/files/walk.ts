import type { Dirent } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { isRefusal, smallFile } from "../disk.ts"
import { FILES_MAX } from "./bounds.ts"
import { type IgnoreRule, ignoreRules, isIgnored } from "./ignore.ts"

/** Where there is neither ripgrep nor git: folder by folder, nearest first, by the `.gitignore` of each, for as long as is bearable. */
export function walked(cwd: string): Promise<readonly string[]> {
  return gone(cwd, { start: "", isByRules: true })
}

/** Everything below a folder, whatever is ignored. */
export function filesBelow(cwd: string, folder: string): Promise<readonly string[]> {
  return gone(cwd, { start: folder, isByRules: false })
}

const TIME_MS_MAX = 5_000
const RULES_BYTES_MAX = 256 * 1024
/** Never offered: nobody completes to them, and they are most of what there is. */
const NEVER: ReadonlySet<string> = new Set([".git", ".hg", ".svn"])

interface Folder {
  readonly path: string
  readonly rules: readonly IgnoreRule[]
}

async function gone(cwd: string, { start, isByRules }: { start: string; isByRules: boolean }) {
  const files: string[] = []
  const until = performance.now() + TIME_MS_MAX
  const waiting: Folder[] = [{ path: start, rules: isByRules ? HEAVY : [] }]
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (files.length >= FILES_MAX || performance.now() > until) break
    const { path } = folder
    const rules = isByRules ? [...folder.rules, ...(await rulesIn(cwd, path))] : []
    for (const entry of await entriesOf(join(cwd, path))) {
      const below = path === "" ? entry.name : `${path}/${entry.name}`
      if (NEVER.has(entry.name) || isIgnored(below, entry.isDirectory(), rules)) continue
      if (entry.isDirectory()) waiting.push({ path: below, rules })
      else files.push(below)
    }
  }
  return files.slice(0, FILES_MAX)
}

const HEAVY = ignoreRules("node_modules/\n", "")

async function rulesIn(cwd: string, path: string): Promise<readonly IgnoreRule[]> {
  const text = await smallFile(join(cwd, path, ".gitignore"), RULES_BYTES_MAX)
  return text === undefined ? [] : ignoreRules(text.toString("utf8"), path)
}

/** By name, so that a list that was cut is the same the next time. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    // One that may not be entered has nothing to offer.
    if (isRefusal(error)) return []
    throw error
  }
}
