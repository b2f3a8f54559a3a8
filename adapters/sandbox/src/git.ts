import { readdirSync, readFileSync } from "node:fs"
import { dirname, isAbsolute, join, resolve } from "node:path"
import { gitSettings, gitSubmodules } from "@skein/core/ports"
import { lstat, reach, realpath } from "./paths.ts"

/** The folders in which git keeps a working tree's repository. */
export interface GitFolder {
  /** True for a linked working tree and a submodule, whose `.git` is a file that names its folder. */
  readonly isFile: boolean
  /** Each holds settings of its own: the repository, its submodules, its working trees. */
  readonly folders: readonly string[]
  /** Folders of folders, which must not be renamed away either. */
  readonly parents: readonly string[]
  /** Files and folders that the settings name: hooks kept elsewhere, included settings. */
  readonly configured: readonly string[]
}

const NESTED_MAX = 64

/**
 * Undefined when there is no repository, when `.git` is a link, or when its file names a folder that does not name this
 * working tree back: whoever wrote such a file could otherwise open any folder to commands.
 */
export function gitFolderOf(root: string): GitFolder | undefined {
  const path = join(root, ".git")
  const found = lstat(path)
  if (found?.isDirectory() === true) return gitFolder(path, false)
  if (found?.isFile() !== true) return undefined
  const common = commonFolderOf(path)
  return common === undefined ? undefined : gitFolder(common, true)
}

function gitFolder(common: string, isFile: boolean): GitFolder {
  const parents = ["modules", "worktrees"]
    .map((name) => join(common, name))
    .filter((path) => lstat(path)?.isDirectory())
  const nested = parents.flatMap((parent) => repositoriesIn(parent, NESTED_MAX))
  const folders = [common, ...nested]
  return { isFile, folders, parents, configured: configuredIn(folders) }
}

/** A submodule's name may hold slashes, and a submodule may hold submodules. */
function repositoriesIn(parent: string, countMax: number): readonly string[] {
  const found: string[] = []
  const open = [parent]
  for (let folder = open.pop(); folder !== undefined && found.length < countMax; folder = open.pop()) {
    for (const entry of reach(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      if (!entry.isDirectory()) continue
      const path = join(folder, entry.name)
      const isRepository = lstat(join(path, "HEAD")) !== undefined
      if (isRepository) found.push(path)
      const deeper = isRepository ? join(path, "modules") : path
      if (lstat(deeper)?.isDirectory() === true) open.push(deeper)
    }
  }
  return found
}

function commonFolderOf(gitFile: string): string | undefined {
  const named = /^gitdir: (.+)/.exec(text(gitFile))?.[1]
  const folder = named === undefined ? undefined : realpath(resolve(dirname(gitFile), named))
  const common = folder === undefined ? undefined : (ofWorktree(folder, gitFile) ?? ofSubmodule(folder, gitFile))
  return common !== undefined && lstat(join(common, "objects"))?.isDirectory() === true ? common : undefined
}

/** A linked working tree's folder names the `.git` file back, and lies in the repository. */
function ofWorktree(folder: string, gitFile: string): string | undefined {
  if (realpath(text(join(folder, "gitdir")).trim()) !== gitFile) return undefined
  const common = realpath(resolve(folder, text(join(folder, "commondir")).trim() || "."))
  return common !== undefined && dirname(folder) === join(common, "worktrees") ? common : undefined
}

/** A submodule's folder is a repository of its own, whose settings name the working tree. */
function ofSubmodule(folder: string, gitFile: string): string | undefined {
  // The last one holds.
  const tree = gitSettings(text(join(folder, "config")))?.findLast(([key]) => key === "core.worktree")?.[1]
  return tree !== undefined && realpath(resolve(folder, tree)) === dirname(gitFile) ? folder : undefined
}

/** What the settings of these folders name, in whichever working tree they hold. */
function configuredIn(folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) => CONFIGS.map((name) => join(folder, name)))
  const seen = new Set<string>()
  const hooks: string[] = []
  for (let file = files.pop(); file !== undefined && seen.size < CONFIGS_MAX; file = files.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const [key, value] of settingsOf(text(realpath(file) ?? file))) {
      if (key === "core.hookspath") hooks.push(value)
      // Found from the file that includes them, and theirs hold as if they stood in it.
      if (/^include(if\..*)?\.path$/s.test(key)) files.push(resolve(dirname(file), value))
    }
  }
  if (hooks.some((path) => !isAbsolute(path))) {
    const trees = folders.flatMap(treesOf)
    hooks.push(...hooks.flatMap((path) => trees.map((tree) => resolve(tree, path))))
  }
  return [...hooks.filter(isAbsolute), ...seen].flatMap((path) => realpath(path) ?? [])
}

const CONFIGS = ["config", "config.worktree"] as const
const CONFIGS_MAX = 512

/** From where git finds hooks that are named by a relative path. */
function treesOf(folder: string): readonly string[] {
  const linked = text(join(folder, "gitdir")).trim()
  const named = settingsOf(text(join(folder, "config"))).filter(([key]) => key === "core.worktree")
  return [
    dirname(folder),
    ...(linked === "" ? [] : [dirname(resolve(folder, linked))]),
    ...named.map(([, value]) => resolve(folder, value)),
  ]
}

/** Where a line is none that we know, git may know it: then whatever looks like a path of hooks or settings counts. */
function settingsOf(config: string): readonly (readonly [key: string, value: string])[] {
  return (
    gitSettings(config) ??
    Array.from(config.matchAll(/(hooks|work)?(?:path|tree)[ \t]*=[ \t]*"?([^"\n]*)/gi), ([, kind = "", value = ""]) => [
      `${KINDS[kind.toLowerCase()]}`,
      value.trim(),
    ])
  )
}

const KINDS: Readonly<Record<string, string>> = { hooks: "core.hookspath", work: "core.worktree", "": "include.path" }

const INDEX_BYTES_MAX = 64_000_000
/** How many submodules are looked at, and how deep inside of each other. */
const SUBMODULES_MAX = 256
const DEPTH_MAX = 8

/** Working trees of submodules by what git's index says, which git looks into whenever it looks at `root`. */
export function submodulesOf(root: string, depth = 0): readonly string[] {
  const repository = repositoryOf(root)
  if (repository === undefined || depth > DEPTH_MAX) return []
  const names = reach(() => readdirSync(repository)) ?? []
  const indexes = names.filter((name) => name === "index" || name.startsWith("sharedindex."))
  const paths = indexes.flatMap((name) => gitSubmodules(bytes(join(repository, name))) ?? [])
  const trees = [...new Set(paths)]
    .slice(0, SUBMODULES_MAX)
    .map((path) => resolve(root, Buffer.from(path, "latin1").toString()))
  return trees.flatMap((tree) => (realpath(tree) === tree ? [tree, ...submodulesOf(tree, depth + 1)] : []))
}

function repositoryOf(root: string): string | undefined {
  const path = join(root, ".git")
  const found = lstat(path)
  if (found?.isDirectory() === true) return path
  const named = found?.isFile() === true ? /^gitdir: (.+)/.exec(text(path))?.[1] : undefined
  return named === undefined ? undefined : realpath(resolve(root, named))
}

function bytes(path: string): Uint8Array {
  const found = lstat(path)
  if (found?.isFile() !== true || found.size > INDEX_BYTES_MAX) return new Uint8Array()
  return reach(() => readFileSync(path)) ?? new Uint8Array()
}

/** A folder laid out like a repository is one to git, which then goes by the settings in it. */
export function isLaidOut(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => lstat(join(folder, name)) !== undefined)
}

const HARMLESS_KEYS =
  /^(core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks)|user\.(name|email)|init\.defaultbranch|extensions\.(objectformat|refstorage)|branch\..+\.(remote|merge))$/

/** A repository just made by `git init`: no hooks but the samples, no setting beyond the plain ones. */
export function isHarmlessRepository(path: string): boolean {
  if (lstat(path)?.isDirectory() !== true) return false
  if (["commondir", "config.worktree", "modules", "worktrees"].some((name) => lstat(join(path, name)) !== undefined))
    return false
  const config = lstat(join(path, "config"))
  const hooks = lstat(join(path, "hooks"))
  if (config?.isFile() !== true || (hooks !== undefined && !hooks.isDirectory())) return false
  const names = hooks === undefined ? [] : readdirSync(join(path, "hooks"))
  return (
    names.every((name) => name.endsWith(".sample")) &&
    gitSettings(text(join(path, "config")))?.every(([key]) => HARMLESS_KEYS.test(key)) === true
  )
}

const SETTINGS_BYTES_MAX = 1_000_000

function text(path: string): string {
  const found = lstat(path)
  if (found?.isFile() !== true || found.size > SETTINGS_BYTES_MAX) return ""
  return reach(() => readFileSync(path, "utf8")) ?? ""
}
