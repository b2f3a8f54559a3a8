import { lstatSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { Git, GitPlace } from "./git.ts"
import { folderAt } from "./merge/folder.ts"
import { versionAt } from "./merge/version.ts"

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
  return paths.slice(0, FILES_MAX).filter((path) => copied(from.root, to, path))
}

/** Through no link on either side, whatever a command swaps meanwhile; for nobody but who works here. */
function copied(from: string, to: string, path: string): boolean {
  const version = versionAt(from, path)
  if (version.kind !== "file" || version.bytes.length > FILE_BYTES_MAX) return false
  const folder = folderAt(to, dirname(path), true)
  if (folder.kind !== "folder") return false
  try {
    const at = folder.at(basename(path))
    if (lstatSync(at, { throwIfNoEntry: false }) !== undefined) return false
    writeFileSync(at, version.bytes, { flag: "wx", mode: version.isExecutable ? 0o700 : 0o600 })
    return true
  } finally {
    folder.close()
  }
}
