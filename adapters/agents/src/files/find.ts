import { readdirSync, statSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { contentOf } from "@skein/kept"
import type { AgentFile } from "./parse.ts"

const FILES_MAX = 200
const BYTES_MAX = 100_000
const DEPTH_MAX = 3

/** Files of agents of one plugin, or folders of such; absolute. */
export interface PluginPlace {
  readonly plugin: string
  readonly root: string
  readonly paths: readonly string[]
}

export interface Places {
  readonly home: string
  /** Folders of agents in a project, the nearest to skein first; relative. */
  readonly projectFolders: readonly string[]
  /** The person's own; absolute. */
  readonly ownFolders: readonly string[]
  /** Where enabled plugins have theirs. */
  readonly pluginPlaces: (cwd: string) => Promise<readonly PluginPlace[]>
  /** The root of the project that a folder lies in, or itself. */
  readonly projectOf: (cwd: string) => string
}

/** All files of agents that a session in `cwd` could know: its project's, nearest folder first, then the person's. */
export function agentFiles(cwd: string, { home, projectFolders, ownFolders, projectOf }: Places): readonly AgentFile[] {
  const project = projectOf(cwd)
  const inProject = foldersUpTo(cwd, project).flatMap((folder) =>
    folder === home ? [] : projectFolders.map((name) => ({ folder: join(folder, name), within: project })),
  )
  return [
    ...inProject.flatMap(({ folder, within }) => filesIn(folder, "project", within, project)),
    ...ownFolders.flatMap((folder) => filesIn(folder, "person", undefined, home)),
  ].slice(0, FILES_MAX)
}

/** Those of plugins: called `plugin:name`, and none from behind a link out of it. */
export function agentFilesOfPlugins(places: readonly PluginPlace[]): readonly AgentFile[] {
  return places
    .flatMap(({ plugin, root, paths }) =>
      paths.flatMap((path) => filesIn(path, "person", root, root).map((file) => shownOf(file, plugin, root))),
    )
    .slice(0, FILES_MAX)
}

function shownOf(file: AgentFile, plugin: string, root: string): AgentFile {
  return { ...file, plugin, shown: `${plugin}: ${relative(root, file.path)}` }
}

function foldersUpTo(from: string, to: string): readonly string[] {
  const found = [from]
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}

function filesIn(folder: string, origin: AgentFile["origin"], within: string | undefined, base: string): AgentFile[] {
  return namesIn(folder, DEPTH_MAX).flatMap((path) => {
    const found = contentOf(path, { within, bytesMax: BYTES_MAX })
    const below = relative(base, path)
    const shown = below.startsWith("..") ? path : origin === "person" ? `~/${below}` : below
    return found === undefined ? [] : [{ path, shown, origin, ...found }]
  })
}

function namesIn(folder: string, depth: number): string[] {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats?.isFile() === true) return /\.md$/i.test(folder) ? [folder] : []
  if (stats?.isDirectory() !== true) return []
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? namesIn(path, depth - 1) : []
    return /\.md$/i.test(entry.name) && !/^readme\.md$/i.test(entry.name) ? [path] : []
  })
}
