import { dirname, join, resolve } from "node:path"
import { smallFile, statsOf } from "../disk.ts"

/** Where a repository is, as its own files say. No git process: reading runs nothing. */
export interface Repository {
  /** The folder that is worked in. */
  readonly root: string
  /** HEAD and the index: a worktree and a submodule have their own. */
  readonly gitDir: string
  /** Branches, objects and settings. */
  readonly commonDir: string
}

/** Of the repository that a folder lies in. */
export async function repositoryOf(cwd: string): Promise<Repository | undefined> {
  let folder = cwd
  for (let level = 0; level < LEVELS_MAX; level++) {
    const gitDir = await gitDirOf(folder)
    if (gitDir !== undefined) return { root: folder, gitDir, commonDir: await commonDirOf(gitDir) }
    if (dirname(folder) === folder) return undefined
    folder = dirname(folder)
  }
  return undefined
}

/** The branch, or the beginning of the commit that is looked at without one. Undefined where git keeps it in another way. */
export async function headOf({ gitDir }: Repository): Promise<string | undefined> {
  const head = (await textOf(join(gitDir, "HEAD")))?.trim() ?? ""
  const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1]
  // What stands there when branches are kept in tables.
  if (branch === ".invalid") return undefined
  if (branch !== undefined) return branch
  return /^[0-9a-f]{40,64}$/.test(head) ? head.slice(0, 7) : undefined
}

/** Folders looked at above the working folder. */
const LEVELS_MAX = 24
const BYTES_MAX = 64 * 1024

async function gitDirOf(folder: string): Promise<string | undefined> {
  const path = join(folder, ".git")
  const found = await statsOf(path)
  if (found?.isDirectory() === true) return path
  if (found?.isFile() !== true) return undefined
  const said = /^gitdir: (.+)$/m.exec((await textOf(path)) ?? "")?.[1]
  return said === undefined ? undefined : resolve(folder, said.trim())
}

async function commonDirOf(gitDir: string): Promise<string> {
  const said = (await textOf(join(gitDir, "commondir")))?.trim()
  return said === undefined || said === "" ? gitDir : resolve(gitDir, said)
}

/** Undefined where there is no such file. */
export async function textOf(path: string): Promise<string | undefined> {
  return (await smallFile(path, BYTES_MAX))?.toString("utf8")
}
