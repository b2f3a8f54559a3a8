import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readSync, realpathSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { isWithin } from "@skein/protocol"
import type { AgentFile } from "./parse.ts"

const FILES_MAX = 200
const BYTES_MAX = 100_000
const DEPTH_MAX = 3

export interface Places {
  readonly home: string
  /** Folders of agents in a project, the nearest to skein first; relative. */
  readonly projectFolders: readonly string[]
  /** The person's own; absolute. */
  readonly ownFolders: readonly string[]
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

function foldersUpTo(from: string, to: string): readonly string[] {
  const found = [from]
  for (let at = from; at !== to && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}

function filesIn(folder: string, origin: AgentFile["origin"], within: string | undefined, base: string): AgentFile[] {
  return namesIn(folder, DEPTH_MAX).flatMap((path) => {
    const found = contentAt(path, within)
    const below = relative(base, path)
    const shown = below.startsWith("..") ? path : origin === "person" ? `~/${below}` : below
    return found === undefined ? [] : [{ path, shown, origin, ...found }]
  })
}

function namesIn(folder: string, depth: number): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? namesIn(path, depth - 1) : []
    return /\.md$/i.test(entry.name) && !/^readme\.md$/i.test(entry.name) ? [path] : []
  })
}

/** A regular file, whole; undefined for what is none, is too large, or of a project and behind a link out of it. */
function contentAt(path: string, within: string | undefined): Pick<AgentFile, "text" | "sha256"> | undefined {
  const real = realpathSync(path)
  if (within !== undefined && !isWithin(real, realpathSync(within))) return undefined
  const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > BYTES_MAX) return undefined
    const bytes = new Uint8Array(stats.size)
    const length = readSync(fd, bytes, 0, bytes.length, 0)
    const content = bytes.subarray(0, length)
    return { text: new TextDecoder().decode(content), sha256: Bun.CryptoHasher.hash("sha256", content, "hex") }
  } finally {
    closeSync(fd)
  }
}
