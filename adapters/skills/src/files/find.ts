import { realpathSync, statSync } from "node:fs"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import type { SourceContext } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { Collection, type Place } from "./collect.ts"
import { isClone, repositoryOf } from "./repository.ts"
import { always, matching, ruleFiles } from "./rules.ts"

/** Names of instruction files; in a folder the first that says something is read. */
const NAMES = [
  "AGENTS.override.md",
  "AGENTS.md",
  "AGENT.md",
  "CLAUDE.md",
  join(".claude", "CLAUDE.md"),
  "CONTEXT.md",
  "GEMINI.md",
  ".cursorrules",
  join(".github", "copilot-instructions.md"),
]

/** Beside the file of a folder: what one person wrote for themselves, and does not share. */
const LOCAL_NAME = "CLAUDE.local.md"

/** Rules that hold for the whole project, or for files that their `paths` mean. */
const RULES_FOLDER = join(".claude", "rules")

export interface FindOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly configDir: string
  readonly extraFilesFor: (cwd: string) => readonly string[]
  readonly isLoadingProjectFiles: (cwd: string) => boolean
}

/** Files for the start of a session: the person's own, the repository's from its root down, those named in settings. */
export function findAtStart({ cwd }: SourceContext, options: FindOptions): Collection {
  const { home, extraFilesFor } = options
  const isLoadingProjectFiles = options.isLoadingProjectFiles(cwd)
  const found = new Collection()
  const ownPlace = (path: string): Place => ({
    ...{ why: "the person's own, for every project", rank: "global", isOwn: true },
    within: real(dirname(path)),
  })
  globalFiles(options).some((path) => found.first([path], ownPlace(path)))
  for (const path of ruleFiles(join(home, RULES_FOLDER))) found.first([path], { ...ownPlace(path), bodyOf: always })
  const root = repositoryOf(cwd) ?? cwd
  const within = real(root)
  if (isLoadingProjectFiles) {
    for (const folder of foldersBetween(root, cwd)) {
      const why = folder === root ? "for this project" : "for this folder of the project"
      found.first(namesIn(folder), { why, rank: "near", within })
      found.first([join(folder, LOCAL_NAME)], { why: `${why}, not shared`, rank: "near", within })
      const rule = { why: `a rule ${why}`, rank: "near", within, bodyOf: always } as const
      for (const path of ruleFiles(join(folder, RULES_FOLDER))) found.first([path], rule)
    }
  }
  for (const path of extraFilesFor(cwd)) {
    if (isFolder(path)) {
      const isOfProject = isWithin(resolve(path), root)
      const place = { why: "a rule of a folder that the settings name", rank: "near", bodyOf: always } as const
      const folders = isOfProject ? within : real(path)
      if (!isOfProject || isLoadingProjectFiles)
        for (const file of ruleFiles(path)) found.first([file], { ...place, within: folders })
      continue
    }
    const isOfProject = isWithin(resolve(path), root)
    if (isOfProject && !isLoadingProjectFiles) continue
    const place = { why: "named in the settings", rank: "near" } as const
    const isFound = found.first(
      [path],
      isOfProject ? { ...place, within } : { ...place, within: real(dirname(path)), isOwn: true },
    )
    if (!isFound && !found.refused.some((refused) => refused.path === path)) {
      found.refuse(path, "it is named in the settings and there is no such file, or it is empty")
    }
  }
  return found
}

/** Folders of one call of `touched` that are looked at. */
const FOLDERS_MAX = 256

/** Files of the folders between the roots and what was touched, outermost first. */
export function findTouched(
  paths: readonly string[],
  { cwd, roots }: SourceContext,
  extraFiles: readonly string[] = [],
): Collection {
  const found = new Collection()
  const repository = repositoryOf(cwd)
  const folders = new Map<string, readonly string[]>()
  for (const path of paths) {
    const root = [cwd, ...roots].filter((folder) => isWithin(path, folder)).sort((a, b) => b.length - a.length)[0]
    if (root === undefined || !isAbsolute(path)) continue
    const within = real(root === cwd ? (repository ?? cwd) : root)
    // The working folder's own file is there from the start; one of another root is not.
    const [outermost, ...inner] = foldersBetween(root, resolve(path))
    const looked = root === cwd || outermost === undefined ? inner : [outermost, ...inner]
    for (const folder of looked) {
      if (isForeign(folder, root, repository !== undefined)) break
      // What was touched is mostly a file, which comes last.
      if (!folders.has(folder) && !isFolder(folder)) break
      if (folders.size < FOLDERS_MAX) folders.set(folder, within)
    }
  }
  const byDepth = [...folders].sort(([a], [b]) => a.split(sep).length - b.split(sep).length)
  for (const [folder, within] of byDepth) {
    const place = { why: `for files in ${folder}`, rank: "near", within } as const
    found.first(namesIn(folder), place)
    found.first([join(folder, LOCAL_NAME)], { ...place, why: `${place.why}, not shared` })
  }
  touchRules(found, paths, repository ?? cwd, extraFiles)
  return found
}

/** Rules whose paths mean something that was touched. Theirs begin at the project's root. */
function touchRules(found: Collection, paths: readonly string[], root: string, extraFiles: readonly string[]): void {
  const named = extraFiles.filter((path) => isWithin(resolve(path), root) && isFolder(path))
  const bodyOf = matching(paths, root)
  const place = { why: "for files that its paths mean", rank: "near", within: real(root), bodyOf } as const
  for (const folder of [join(root, RULES_FOLDER), ...named])
    for (const path of ruleFiles(folder)) found.first([path], place)
}

/** The first that says something is read. */
function globalFiles({ home, configDir, env }: FindOptions): readonly string[] {
  const codexHome = env.CODEX_HOME === undefined || env.CODEX_HOME === "" ? join(home, ".codex") : env.CODEX_HOME
  return [
    join(configDir, "AGENTS.override.md"),
    join(configDir, "AGENTS.md"),
    join(home, ".claude", "CLAUDE.md"),
    join(codexHome, "AGENTS.override.md"),
    join(codexHome, "AGENTS.md"),
    join(home, ".gemini", "GEMINI.md"),
  ]
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch (error) {
    // What cannot be looked at holds nothing that can be read.
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}

/** Folders whose files other people wrote, for other projects. */
const FOREIGN_NAMES = [".git", "node_modules", "vendor", "site-packages"]

/** A clone in somebody's repository is another project; in a folder that holds several projects, it is one of them. */
function isForeign(folder: string, root: string, isInRepository: boolean): boolean {
  const name = folder.slice(folder.lastIndexOf(sep) + 1)
  return FOREIGN_NAMES.includes(name) || (isInRepository && folder !== root && isClone(folder))
}

/** All folders from one down to another in it, both included. */
function foldersBetween(outer: string, inner: string): string[] {
  const names = relative(outer, inner)
    .split(sep)
    .filter((name) => name !== "")
  return [outer, ...names.map((_, at) => join(outer, ...names.slice(0, at + 1)))]
}

function namesIn(folder: string): string[] {
  return NAMES.map((name) => join(folder, name))
}

/** A folder as it really is; itself when it is not there, and then nothing lies in it. */
function real(folder: string): string[] {
  try {
    return [realpathSync(folder)]
  } catch (error) {
    if (error instanceof Error && "code" in error) return [folder]
    throw error
  }
}
