import { existsSync, realpathSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { type EventOf, SkeinError } from "@skein/protocol"

/** A folder as it really is, and the repository it lies in. No git process: a hostile checkout must not run anything. */
export async function locate(cwd: string): Promise<EventOf<"session.created">["workspace"]> {
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
