import { dirname, extname, join } from "node:path"
import { type FilesPort, ToolFailure } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import { FORMATTERS, type Formatter, type SettingsFile } from "./formatters.ts"

export interface Chosen {
  readonly formatter: Formatter
  /** A path in the project, or the name that PATH finds. */
  readonly program: string
  /** What lies in the project would run: the program itself, or what its settings name. */
  readonly runsProject: boolean
}

/**
 * The formatters to try for a file, best first: the one that the nearest settings above it name, up to the root, in the project's own
 * copy and then in the system's. With `isAny`, where none is set up, those of its language.
 */
export async function formattersFor(
  path: string,
  root: string,
  isAny: boolean,
  files: FilesPort,
): Promise<readonly Chosen[]> {
  const mine = FORMATTERS.filter(({ extensions }) => extensions.includes(extname(path).slice(1).toLowerCase()))
  if (mine.length === 0) return []
  const folders = foldersUpTo(dirname(path), root)
  const set = await setUp(folders, mine, files)
  const wanted = set === undefined ? (isAny ? mine : []) : [set]
  return (await Promise.all(wanted.map((formatter) => programsOf(formatter, folders, files)))).flat()
}

/** From the inside out, the root last. */
function foldersUpTo(folder: string, root: string): readonly string[] {
  const folders: string[] = []
  for (let at = folder; isWithin(at, root); at = dirname(at)) {
    folders.push(at)
    if (at === root || at === dirname(at)) break
  }
  return folders
}

async function setUp(
  folders: readonly string[],
  formatters: readonly Formatter[],
  files: FilesPort,
): Promise<Formatter | undefined> {
  for (const folder of folders) {
    for (const formatter of formatters) {
      for (const settings of formatter.settings) if (await isThere(folder, settings, files)) return formatter
    }
  }
  return undefined
}

/** Far more than any such file has. */
const SETTINGS_BYTES_MAX = 500_000

async function isThere(folder: string, { name, says }: SettingsFile, files: FilesPort): Promise<boolean> {
  const path = join(folder, name)
  if ((await files.stat(path))?.kind !== "file") return false
  if (says === undefined) return true
  try {
    return says(new TextDecoder().decode((await files.read(path, { bytesMax: SETTINGS_BYTES_MAX })).bytes))
  } catch (error) {
    if (error instanceof ToolFailure) return false // what cannot be read sets nothing up
    throw error
  }
}

/** Where a project keeps programs of its own. */
const OWN_FOLDERS = ["node_modules/.bin", ".venv/bin", "venv/bin"]

async function programsOf(
  formatter: Formatter,
  folders: readonly string[],
  files: FilesPort,
): Promise<readonly Chosen[]> {
  const own = await ownProgram(formatter.name, folders, files)
  const ofSystem = { formatter, program: formatter.name, runsProject: formatter.runsSettings === true }
  return own === undefined ? [ofSystem] : [{ formatter, program: own, runsProject: true }, ofSystem]
}

async function ownProgram(name: string, folders: readonly string[], files: FilesPort): Promise<string | undefined> {
  for (const folder of folders) {
    for (const own of OWN_FOLDERS) {
      const path = join(folder, own, name)
      const kind = (await files.stat(path))?.kind
      if (kind === "file" || kind === "link") return path
    }
  }
  return undefined
}
