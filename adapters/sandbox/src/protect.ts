import { readdirSync, readlinkSync, renameSync, symlinkSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { RUNS_LATER, RUNS_LATER_AT_HOME } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { type GitFolder, gitFolderOf, isHarmlessRepository, isLaidOut, submodulesOf } from "./git.ts"
import { lstat, reach, realpath } from "./paths.ts"

/**
 * What stays closed inside folders that a command may write: files that make something else run later. What is there is
 * mounted read-only, and every folder above it is made a mount point, so that it cannot be renamed away. What is not
 * there cannot be mounted over without leaving empty files in a person's project; it is looked for when the command is
 * over, and moved aside before anybody hears that it succeeded.
 */
export interface Protection {
  /** Mount points that stay writable, parents before children. */
  readonly writable: readonly string[]
  readonly readOnly: readonly string[]
  readonly watched: readonly WatchedFolder[]
  readonly trees: readonly WatchedTree[]
}

/** A folder that a command may write, with the repositories that git would find from it. */
interface WatchedTree {
  readonly root: string
  /** It was laid out like a repository itself. */
  readonly isLaidOut: boolean
  /** Submodules that had a repository, and which file or folder that was. */
  readonly submodules: ReadonlyMap<string, string>
}

interface WatchedFolder {
  readonly folder: string
  readonly isProtected: (name: string) => boolean
  /** The protected names that were there, and where those that are links led. */
  readonly before: ReadonlyMap<string, string | undefined>
}

/** In a git folder: what git reads as settings, or runs. */
const GIT_SETTINGS = new Set(["config", "config.worktree", "hooks", "commondir", "gitdir"])

/** `roots` are the writable folders, resolved. */
export function protect(roots: readonly string[], home: string | undefined): Protection {
  const writable = new Set<string>()
  const readOnly = new Set<string>()
  const watched: WatchedFolder[] = []
  const trees: WatchedTree[] = []
  const bases = [...roots]
  const close = (path: string) => {
    const around = bases.filter((candidate) => isWithin(path, candidate))
    const root = around.toSorted((a, b) => b.length - a.length)[0]
    if (root === undefined) return
    for (const folder of between(root, path)) writable.add(folder)
    readOnly.add(path)
  }
  const watch = (folder: string, isProtected: (name: string) => boolean, stays: (name: string) => boolean) => {
    const before = new Map<string, string | undefined>()
    for (const name of namesIn(folder).filter(isProtected)) {
      const path = join(folder, name)
      const isLink = lstat(path)?.isSymbolicLink() === true
      before.set(name, isLink ? readlinkSync(path) : undefined)
      if (isLink) {
        const target = realpath(path)
        if (target !== undefined) close(target)
      } else if (!stays(name)) close(path)
    }
    watched.push({ folder, isProtected, before })
  }
  const watchGit = (git: GitFolder) => {
    // That of a linked working tree lies elsewhere.
    bases.push(...git.folders)
    for (const folder of git.folders) {
      writable.add(folder)
      watch(
        folder,
        (name) => GIT_SETTINGS.has(name.toLowerCase()),
        () => false,
      )
    }
    for (const parent of git.parents) writable.add(parent)
    for (const path of git.configured) close(path)
  }
  /** Git looks into submodules from above, whoever made them. */
  const watchTree = (root: string): WatchedTree => {
    const submodules = new Map<string, string>()
    for (const tree of submodulesOf(root)) {
      const path = join(tree, ".git")
      const found = identityOf(path)
      if (found === undefined) continue
      submodules.set(tree, found)
      // The folders above stay plain ones, so that files are renamed between them; what is replaced is found afterwards.
      const git = gitFolderOf(tree)
      if (git === undefined || git.isFile) readOnly.add(path)
      else watchGit(git)
    }
    return { root, isLaidOut: isLaidOut(root), submodules }
  }
  const realHome = home === undefined ? undefined : realpath(home)
  // Somebody who opens `/` or `/home` opens a home folder too, and what runs at the next login.
  const outer = roots.find((root) => realHome !== undefined && realHome !== root && isWithin(realHome, root))
  const homes = realHome === undefined || outer === undefined ? [] : [realHome]
  for (const folder of homes) for (const path of [...between(outer ?? folder, folder), folder]) writable.add(path)
  for (const folder of [...roots, ...homes]) {
    const git = gitFolderOf(folder)
    const isGitFolder = (name: string) => name.toLowerCase() === ".git" && git?.isFile === false
    watch(folder, folder === realHome ? isRunLaterAtHome : isRunLater, isGitFolder)
    if (git !== undefined) watchGit(git)
    else if (isLaidOut(folder)) watchGit({ isFile: false, folders: [folder], parents: [], configured: [] })
    trees.push(watchTree(folder))
  }
  return { writable: [...writable].toSorted(), readOnly: [...readOnly], watched, trees }
}

function isRunLater(name: string): boolean {
  const lower = name.toLowerCase()
  return Object.hasOwn(RUNS_LATER, lower) || lower.endsWith(".code-workspace")
}

function isRunLaterAtHome(name: string): boolean {
  return isRunLater(name) || Object.hasOwn(RUNS_LATER_AT_HOME, name.toLowerCase())
}

/**
 * Moves aside what a command made under a protected name, and puts links back. Returns one line for each.
 * Only called when no process of the command is left.
 */
export function sweep({ watched, trees }: Pick<Protection, "watched" | "trees">): readonly string[] {
  return [...sweepNames(watched), ...sweepTrees(trees)]
}

/** A repository that git would find from above, though none was there before: its settings are a command's own. */
function sweepTrees(trees: readonly WatchedTree[]): readonly string[] {
  return trees.flatMap(({ root, isLaidOut: was, submodules }) => {
    const isNew = !was && lstat(join(root, ".git")) === undefined && isLaidOut(root)
    const made = submodulesOf(root).flatMap((tree) => {
      const path = join(tree, ".git")
      const found = identityOf(path)
      return found === undefined || found === submodules.get(tree) || isHarmlessRepository(path) ? [] : [path]
    })
    return [...(isNew ? [join(root, "HEAD")] : []), ...made].map(moveAside)
  })
}

function sweepNames(watched: readonly WatchedFolder[]): readonly string[] {
  return watched.flatMap(({ folder, isProtected, before }) => {
    const now = namesIn(folder).filter(isProtected)
    const moved = now.flatMap((name) => {
      const path = join(folder, name)
      const link = before.get(name)
      const isNew = !before.has(name) || (link !== undefined && linkOf(path) !== link)
      if (!isNew || (name === ".git" && isHarmlessRepository(path))) return []
      return [moveAside(path)]
    })
    for (const [name, link] of before) {
      if (link !== undefined && lstat(join(folder, name)) === undefined) symlinkSync(link, join(folder, name))
    }
    return moved
  })
}

function identityOf(path: string): string | undefined {
  const found = lstat(path)
  return found === undefined ? undefined : `${found.dev}:${found.ino}:${found.birthtimeMs}`
}

function moveAside(path: string): string {
  const aside = freeName(`${path}.blocked`)
  renameSync(path, aside)
  return `${path} can make other programs run commands, so a command may not create it; what it held is in ${basename(aside)}`
}

function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`
    if (lstat(candidate) === undefined) return candidate
  }
}

function linkOf(path: string): string | undefined {
  return reach(() => (lstat(path)?.isSymbolicLink() === true ? readlinkSync(path) : undefined))
}

function namesIn(folder: string): readonly string[] {
  return reach(() => readdirSync(folder)) ?? []
}

/** The folders above `path`, below `root`, from the top. */
function between(root: string, path: string): readonly string[] {
  const folders: string[] = []
  for (let folder = dirname(path); folder !== root && isWithin(folder, root); folder = dirname(folder)) {
    folders.unshift(resolve(folder))
  }
  return folders
}
