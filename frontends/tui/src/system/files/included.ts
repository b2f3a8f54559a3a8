import { isAbsolute, join, normalize } from "node:path"
import { statsOf } from "../disk.ts"
import { filesBelow } from "./walk.ts"

/** What of a folder is offered though ignore rules hide it: paths, whole folders, and globs. Nothing outside of it. */
export async function includedPaths(cwd: string, wanted: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of wanted.map((one) => normalize(one))) {
    if (isAbsolute(path) || path === ".." || path.startsWith("../")) continue
    found.push(...(/[*?[{]/.test(path) ? await matching(cwd, path) : await at(cwd, path)))
    if (found.length >= PATHS_MAX) break
  }
  return found.slice(0, PATHS_MAX)
}

const PATHS_MAX = 5_000
const TIME_MS_MAX = 2_000

async function at(cwd: string, path: string): Promise<readonly string[]> {
  const found = await statsOf(join(cwd, path))
  if (found?.isFile() === true) return [path]
  return found?.isDirectory() === true ? await filesBelow(cwd, path.replace(/\/$/, "")) : []
}

async function matching(cwd: string, glob: string): Promise<readonly string[]> {
  const found: string[] = []
  const until = performance.now() + TIME_MS_MAX
  for await (const path of new Bun.Glob(glob).scan({ cwd, dot: true })) {
    found.push(path)
    if (found.length >= PATHS_MAX || performance.now() > until) break
  }
  return found
}
