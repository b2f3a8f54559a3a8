import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Git, GitPlace } from "./git.ts"

/** A repository's own list, in the form of a .gitignore. */
export const INCLUDE_FILE = ".worktreeinclude"
const FILES_MAX = 500
const FILE_BYTES_MAX = 50_000_000

/**
 * Copies what git ignores and work needs all the same, as `.env`: files that the repository's `.worktreeinclude` names, or
 * else `patterns`. Only what is ignored: all other files are in the tree. Regular files only, no link is followed.
 */
export async function copyIncluded(
  git: Git,
  from: GitPlace,
  to: string,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const own = join(from.root, INCLUDE_FILE)
  const isListed = lstatSync(own, { throwIfNoEntry: false })?.isFile() === true
  const given = isListed ? [`--exclude-from=${own}`] : patterns.map((pattern) => `--exclude=${pattern}`)
  if (given.length === 0) return []
  const named = await git.read(from, ["ls-files", "-z", "--others", "--ignored", ...given])
  if (named === "") return []
  const { out } = await git.run(from, ["check-ignore", "-z", "--stdin"], { input: named })
  const paths = out
    .toString()
    .split("\0")
    .filter((path) => path !== "" && !path.endsWith("/"))
  return paths.slice(0, FILES_MAX).filter((path) => copied(join(from.root, path), join(to, path)))
}

function copied(from: string, to: string): boolean {
  const stats = lstatSync(from, { throwIfNoEntry: false })
  if (stats?.isFile() !== true || stats.size > FILE_BYTES_MAX || existsSync(to)) return false
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
  chmodSync(to, stats.mode & 0o777)
  return true
}
