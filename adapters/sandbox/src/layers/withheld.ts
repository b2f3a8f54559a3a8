import { basename, join, relative } from "node:path"
import { RUNS_LATER } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { isHarmlessRepository } from "../git.ts"
import { lstat } from "../paths.ts"
import { protect } from "../protect.ts"

/**
 * Why a path is never kept: something else would run what is written there, without asking. Undefined when it may be
 * kept. `above` is where the layer has it, if it has it at all.
 */
export type Withholding = (path: string, above: string | undefined) => string | undefined

/** What stays closed in these real folders, whatever a layer over them holds; `home` is the person's. */
export function withholding(roots: readonly string[], home: string | undefined): Withholding {
  const { readOnly, watched } = protect(roots, home)
  return (path, above) => {
    const closed = readOnly.find((one) => isWithin(path, one) || (above === undefined && isWithin(one, path)))
    if (closed !== undefined) return reasonOf(closed)
    for (const { folder, isProtected, before } of watched) {
      if (!isWithin(path, folder) || path === folder) continue
      const [name = ""] = relative(folder, path).split("/")
      const isNew = !before.has(name) || before.get(name) !== undefined
      if (isProtected(name) && isNew && !isHarmless(join(folder, name), path, above)) return reasonOf(name)
    }
    return opensRepository(path, above) ? RUNS_LATER[".git"] : undefined
  }
}

function reasonOf(path: string): string {
  const known = path
    .toLowerCase()
    .split("/")
    .findLast((part) => Object.hasOwn(RUNS_LATER, part))
  return (known === undefined ? undefined : RUNS_LATER[known]) ?? "it can make other programs run commands"
}

/** A repository just made is as harmless as an empty one; it is looked at where the layer has it. */
function isHarmless(repository: string, path: string, above: string | undefined): boolean {
  if (above === undefined || !basename(repository).endsWith(".git")) return false
  const inner = relative(repository, path)
  return isHarmlessRepository(inner === "" ? above : above.slice(0, -(inner.length + 1)))
}

const GIT_SETTINGS = new Set(["config", "config.worktree", "hooks", "commondir", "gitdir"])
const GIT_INNER = new Set(["modules", "worktrees"])

/** A new repository anywhere in the folder, or what git obeys in one that is there. */
function opensRepository(path: string, above: string | undefined): boolean {
  const parts = path.split("/")
  const at = parts.findIndex((part) => part.toLowerCase().endsWith(".git"))
  if (at === -1) return false
  const repository = parts.slice(0, at + 1).join("/")
  const [first = "", ...inner] = parts.slice(at + 1).map((part) => part.toLowerCase())
  const isSetting = GIT_SETTINGS.has(first) || (GIT_INNER.has(first) && inner.some((part) => GIT_SETTINGS.has(part)))
  const isOpening = first === "" && above !== undefined && isRepositoryName(basename(path)) && !isMerged(path, above)
  return (isSetting || isOpening) && !isHarmless(repository, path, above)
}

const isRepositoryName = (name: string) => name.toLowerCase() === ".git"

const isMerged = (path: string, above: string) =>
  lstat(path)?.isDirectory() === true && lstat(above)?.isDirectory() === true
