import { existsSync, lstatSync, realpathSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { SkeinError, type Workspace } from "@skein/protocol"

/** A folder as it really is, and the repository it lies in. No git process: a hostile checkout must not run anything. */
export async function locate(cwd: string): Promise<Workspace> {
  const path = resolved(cwd)
  const gitRoot = gitRootOf(path)
  const { ino, birthtimeMs } = statSync(path)
  const folder = { inode: ino, bornMs: Math.trunc(birthtimeMs) }
  return gitRoot === undefined ? { path, folder } : { path, gitRoot, folder }
}

function resolved(cwd: string): string {
  try {
    const path = realpathSync(cwd)
    if (statSync(path).isDirectory()) return path
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot work in ${cwd}: there is no such folder, or it cannot be entered.`, {
      cause,
    })
  }
  throw new SkeinError("config.invalid", `Cannot work in ${cwd}: it is not a folder.`)
}

/** The folder that a project's rules are kept by: the real path of its repository, else its own. */
export function projectOf(path: string): string {
  const real = existsSync(path) ? realpathSync(path) : resolve(path)
  return ownRepositoryOf(real) ?? real
}

/** The repository that a folder lies in, when its `.git` is not a stranger's: anybody could put one above a shared folder. */
export function ownRepositoryOf(path: string): string | undefined {
  const root = gitRootOf(path)
  if (root === undefined) return undefined
  const owners = [process.getuid?.(), 0, statSync(path).uid]
  const own = lstatSync(join(root, ".git"), { throwIfNoEntry: false })
  return own !== undefined && owners.includes(own.uid) ? root : undefined
}

/** Directories looked at above the working folder. */
const LEVELS_MAX = 24

export function gitRootOf(path: string): string | undefined {
  let folder = path
  for (let level = 0; level < LEVELS_MAX; level++) {
    if (existsSync(join(folder, ".git"))) return folder
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
  return undefined
}

/**
 * Where the folder of a session is now, for a skein that was started in `cwd`: a folder that was renamed or moved is known
 * again by whoever stands in it. Throws SkeinError when it is gone.
 */
export function relocatedFrom(cwd: string): (workspace: Workspace) => Promise<Workspace> {
  return async (workspace) => {
    const { path, folder } = workspace
    if (isFolder(path, folder)) return workspace
    for (let here = resolve(cwd); folder !== undefined; here = dirname(here)) {
      if (isFolder(here, folder)) return locate(here)
      if (here === dirname(here)) break
    }
    if (isFolder(path, undefined)) return workspace
    throw new SkeinError(
      "config.invalid",
      `Cannot work in ${path}, the folder of this session: it is not there any more. If it was renamed or moved, go there ` +
        "and ask again; to go on in another folder, fork the session: skein fork <id> -C <folder>.",
    )
  }
}

/** Whether there is a folder, and this very one when its identity is given. */
function isFolder(path: string, folder: Workspace["folder"]): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory() !== true) return false
    return folder === undefined || (stats.ino === folder.inode && Math.abs(stats.birthtimeMs - folder.bornMs) < 1)
  } catch (_unreachable) {
    // One that cannot be looked at is none to work in: who asked is told so.
    return false
  }
}

/** The home folder with its links resolved, when it is there. */
export function realHome(home: string): string {
  return existsSync(home) ? realpathSync(home) : home
}

/** The same of a folder that may be gone: then it is known by its path alone. */
export async function located(path: string): ReturnType<typeof locate> {
  try {
    return await locate(path)
  } catch (error) {
    if (error instanceof SkeinError) return { path }
    throw error
  }
}

/** Where sessions lie: with the user's data, where moving or cleaning a project loses nothing, or else in the workspace. */
export function sessionsDirOf(location: "user" | "workspace", data: string, cwd: string): string {
  return location === "user" ? data : join(gitRootOf(cwd) ?? resolve(cwd), ".skein")
}
