import { lstatSync, type Stats } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { readStart } from "./read.ts"
import { visibleLine } from "./visible.ts"

/** Folders looked at above the working folder. */
const LEVELS_MAX = 24

/**
 * The folder that holds `.git`, at or above a folder (absolute). A `.git` of a stranger does not count: in a folder that
 * everyone may write in, anybody could put one, and instructions beside it.
 */
export function repositoryOf(cwd: string): string | undefined {
  const owner = look(cwd)?.uid
  const trusted = [owner, process.getuid?.(), 0]
  for (let folder = cwd, level = 0; level < LEVELS_MAX; folder = dirname(folder), level++) {
    const git = look(join(folder, ".git"))
    if (git !== undefined && trusted.includes(git.uid)) return folder
    if (folder === dirname(folder)) return undefined
  }
  return undefined
}

/** Whether a folder is a clone of its own; a submodule's `.git` is a file. */
export function isClone(folder: string): boolean {
  return look(join(folder, ".git"))?.isDirectory() === true
}

/**
 * What is checked out in a repository, read from its HEAD: `main`, or `detached at 1a2b3c4`. No git process is run, since
 * a hostile checkout can name programs for it to start. Undefined when HEAD says anything else.
 */
export function branchOf(repository: string): string | undefined {
  const head = start(join(gitFolderOf(repository), "HEAD"))?.trim() ?? ""
  const branch = /^ref: refs\/heads\/([^\s~^:?*[\\]{1,200})$/.exec(head)?.[1]
  if (branch !== undefined) return visibleLine(branch)
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(head) ? `detached at ${head.slice(0, 7)}` : undefined
}

/** A worktree's `.git` is a file that says where the folder is. */
function gitFolderOf(repository: string): string {
  const git = join(repository, ".git")
  if (look(git)?.isDirectory() === true) return git
  const linked = /^gitdir: (.+)$/m.exec(start(git) ?? "")?.[1]
  return linked === undefined ? git : resolve(repository, linked.trim())
}

function start(path: string): string | undefined {
  const reading = readStart(path, 4_096)
  return reading?.kind === "start" ? new TextDecoder().decode(reading.start) : undefined
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // What may not be looked at, or has a file in the place of a folder, is as good as not there.
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
