import { existsSync, readdirSync } from "node:fs"
import { basename, dirname, join, relative, sep } from "node:path"
import { contentOf } from "@skein/kept"

/** How a file of commands is written: whose program reads such files. */
export type Dialect = "claude" | "opencode" | "codex" | "gemini"

/** A folder of commands. */
export interface Row {
  /** Relative to a folder of the project, or absolute. */
  readonly folder: string
  readonly dialect: Dialect
  /** The plugin that brings it: its commands are called `plugin:name`. */
  readonly plugin?: string | undefined
}

export interface Places {
  readonly home: string
  /** In a project, the nearest to skein first. */
  readonly projectRows: readonly Row[]
  /** The person's own. */
  readonly ownRows: readonly Row[]
  /** The root of the project that a folder lies in, or itself. */
  readonly projectOf: (cwd: string) => string
}

export interface CommandFile {
  /** Absolute. */
  readonly path: string
  /** How a person is shown it. */
  readonly shown: string
  readonly scope: "project" | "user" | "plugin"
  readonly dialect: Dialect
  /** Folders below the one of commands, and the file's name: `frontend:component`. */
  readonly name: string
  /** What else it is called by. */
  readonly aliases: readonly string[]
  readonly text: string
  /** Of its bytes, hex. */
  readonly sha256: string
}

const FILES_MAX = 500
const BYTES_MAX = 200_000
const DEPTH_MAX = 4

/** All files of commands that a session in `cwd` could know: its project's, nearest folder first, the person's, plugins'. */
export function commandFiles(cwd: string, places: Places, plugins: readonly Row[]): readonly CommandFile[] {
  const project = places.projectOf(cwd)
  const inProject = foldersUpTo(cwd, project).flatMap((folder) =>
    folder === places.home ? [] : places.projectRows.map((row) => ({ ...row, folder: join(folder, row.folder) })),
  )
  return [
    ...inProject.flatMap((row) => filesOf(row, "project", { base: project, within: project })),
    ...places.ownRows.flatMap((row) => filesOf(row, "user", { base: places.home })),
    ...plugins.flatMap((row) => filesOf(row, "plugin", { base: places.home, within: row.folder })),
  ].slice(0, FILES_MAX)
}

function foldersUpTo(from: string, to: string): readonly string[] {
  const found = [from]
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}

interface Bounds {
  /** What it is shown from. */
  readonly base: string
  /** No link leads out of it. */
  readonly within?: string | undefined
}

function filesOf(row: Row, scope: CommandFile["scope"], { base, within }: Bounds): CommandFile[] {
  const isFile = row.folder.endsWith(".md")
  const paths = isFile ? [row.folder] : pathsIn(row.folder, row.dialect === "gemini" ? ".toml" : ".md", DEPTH_MAX)
  const from = isFile ? dirname(row.folder) : row.folder
  return paths.flatMap((path) => {
    const name = relative(from, path)
      .replace(/\.(md|toml)$/i, "")
      .split(sep)
      .join(":")
    const content = NAME.test(name) ? contentOf(path, { within, bytesMax: BYTES_MAX }) : undefined
    if (content === undefined) return []
    const { dialect } = row
    return [{ path, shown: shownFrom(base, path, scope), scope, dialect, ...namesOf(name, row), ...content }]
  })
}

const NAME = /^[a-z][\w:.-]{0,99}$/i

/** A folder below is part of the name, as one program has it, and is not, as another has it. */
function namesOf(name: string, { plugin, dialect }: Row): Pick<CommandFile, "name" | "aliases"> {
  if (plugin !== undefined) return { name: `${plugin}:${name}`, aliases: [] }
  const last = basename(name.replaceAll(":", "/"))
  const short = last === name ? [] : [last]
  return { name, aliases: dialect === "codex" ? [...short, `prompts:${name}`] : short }
}

function shownFrom(base: string, path: string, scope: CommandFile["scope"]): string {
  const below = relative(base, path)
  if (below.startsWith("..")) return path
  return scope === "project" ? below : `~/${below}`
}

function pathsIn(folder: string, ending: string, depth: number): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? pathsIn(path, ending, depth - 1) : []
    return entry.name.toLowerCase().endsWith(ending) && !/^readme\.md$/i.test(entry.name) ? [path] : []
  })
}
