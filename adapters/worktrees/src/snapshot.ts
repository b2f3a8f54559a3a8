import { copyFileSync, existsSync, lstatSync, mkdtempSync, rmSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import type { Git, GitPlace } from "./git.ts"

/** Files that git does not know yet: more than this is hardly source, and all of it would go into the repository. */
const UNKNOWN_BYTES_MAX = 500_000_000

/**
 * The id of the git tree that holds what is in the files now: what git ignores is left out, what it does not know yet is
 * in. Neither the index nor a file of the tree changes. `git add` is not used: it starts a git process in each nested
 * repository, which would go by that one's own settings.
 */
export async function treeOf(git: Git, place: GitPlace, signal?: AbortSignal): Promise<string> {
  const aside = mkdtempSync(join(git.temporary, "skein-index-"))
  try {
    const index = join(aside, "index")
    copyIndex(join(place.gitDir, "index"), index)
    const options = { env: { GIT_INDEX_FILE: index }, signal }
    const changed = listed(await git.read(place, ["ls-files", "-z", "--modified", "--deleted"], options))
    const unknown = listed(await git.read(place, ["ls-files", "-z", "--others", "--exclude-standard"], options))
    refuseTooMuch(place.root, unknown)
    const paths = [...new Set([...changed, ...unknown])]
    if (paths.length > 0) {
      const input = paths.map((path) => `${path}\0`).join("")
      await git.read(place, ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], { ...options, input })
    }
    return (await git.read(place, ["write-tree"], options)).trim()
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/**
 * The index says when it was written, and git looks again at files that are younger. The copy must not seem younger than
 * the original, so that a change in the same moment is not missed.
 */
function copyIndex(from: string, to: string): void {
  if (!existsSync(from)) return
  const { mtimeMs } = statSync(from)
  copyFileSync(from, to)
  const seconds = Math.floor(mtimeMs / 1_000)
  utimesSync(to, seconds, seconds)
}

/** Names as git lists them; what ends in a slash is a repository of its own and stays one. */
function listed(out: string): readonly string[] {
  return out.split("\0").filter((path) => path !== "" && !path.endsWith("/"))
}

function refuseTooMuch(root: string, paths: readonly string[]): void {
  let bytes = 0
  for (const path of paths) {
    bytes += lstatSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0
    if (bytes <= UNKNOWN_BYTES_MAX) continue
    throw new ToolFailure(
      `${root} holds more than ${UNKNOWN_BYTES_MAX / 1_000_000} MB that git neither knows nor ignores, ${path} among it. ` +
        "Put it into .gitignore, or work without isolation.",
    )
  }
}
