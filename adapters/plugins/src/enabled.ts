import { existsSync, mkdirSync, realpathSync } from "node:fs"
import { join } from "node:path"
import type { Place, PluginParts, PluginsPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { contentHash, filesIn, printOf } from "./files.ts"
import { type ForeignPlaces, foreignPlugins } from "./foreign.ts"
import { type ReadPlugin, readPlugin } from "./manifest/plugin.ts"
import { type ProjectPlugins, projectPlugins, type TrustedItems } from "./project.ts"
import type { Installed, StateFile } from "./store/state.ts"

export interface EnabledOptions extends ForeignPlaces {
  /** The folder of all plugins. */
  readonly folder: string
  /** Where each keeps what it writes, below this. */
  readonly dataFolder: string
  readonly state: StateFile
  /** Folders of plugins for this run alone; absolute. */
  readonly given: readonly string[]
  /** Whose installed plugins are used as well. */
  readonly imports: (cwd: string) => readonly ("claude" | "codex")[]
  readonly projectOf: (cwd: string) => string
  readonly trusted: (cwd: string) => Promise<TrustedItems | undefined>
  /** Told what of a project is not used for want of that, in a sentence for a person. */
  readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
  /** Tells the person. */
  readonly warn: (sentence: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** For this long nothing is looked at again: a turn asks several times. */
const FRESH_MS = 1000

/**
 * What is enabled in a folder: plugins of the command line, the person's own, those that other agents installed for them, and
 * those of the project while it is trusted. The first of a name is it.
 */
export function enabledPlugins(options: EnabledOptions): PluginsPort {
  const { state, now, warn } = options
  const told = new Set<string>()
  const tell = (sentence: string) => {
    if (!told.has(sentence)) warn(sentence)
    told.add(sentence)
  }
  const checked = checkedBytes(options)
  const known = new Map<
    string,
    { readonly at: number; readonly state: unknown; readonly parts: Promise<readonly PluginParts[]> }
  >()
  return {
    enabled({ cwd }: Place) {
      const at = now()
      const current = stateOrTold(state, tell)
      const before = known.get(cwd)
      if (before !== undefined && before.state === current && at - before.at < FRESH_MS) return before.parts
      const parts = gathered(cwd, options, checked, tell).catch((error: unknown) => {
        if (!(error instanceof SkeinError)) throw error
        tell(error.message)
        return []
      })
      known.set(cwd, { at, state: current, parts })
      return parts
    },
  }
}

/** Damaged, it is told; nothing that was installed is used then. */
function stateOrTold(state: StateFile, tell: Tell): unknown {
  try {
    return state.read()
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    tell(error.message)
    return undefined
  }
}

type Tell = (sentence: string) => void

async function gathered(
  cwd: string,
  options: EnabledOptions,
  isAsAgreed: (plugin: Installed) => boolean,
  tell: Tell,
): Promise<readonly PluginParts[]> {
  const project = options.projectOf(cwd)
  const brought: ProjectPlugins = await projectPlugins(project, () => options.trusted(cwd))
  for (const sentence of brought.left) await options.leaveOut(cwd, sentence)
  const asked = new Set(brought.asked)
  const { plugins } = options.state.read()
  const found = new Map<string, ReadPlugin>()
  const add = (root: string, name: string | undefined) => {
    const plugin = readOrTold(root, name, tell)
    if (plugin === undefined) return
    const before = found.get(plugin.name)
    if (before === undefined) found.set(plugin.name, plugin)
    else tell(`The plugin ${plugin.name} in ${root} is not used: there is one of that name in ${before.root}.`)
  }
  for (const root of options.given) add(root, undefined)
  for (const plugin of plugins) {
    if (!plugin.isEnabled && !asked.has(plugin.source)) continue
    if (isAsAgreed(plugin)) add(join(options.folder, plugin.folder), plugin.name)
    else
      tell(
        `The plugin ${plugin.name} is off, because its files are not those that you agreed to. ` +
          `Look at them in ${join(options.folder, plugin.folder)}, or get it anew: skein plugin install ${plugin.source}`,
      )
  }
  const foreign = foreignOf(options, cwd)
  for (const each of foreign) if (each.isEnabled || asked.has(`${each.name}@${each.market}`)) add(each.root, each.name)
  for (const root of brought.roots) add(root, undefined)
  const have = new Set([
    ...plugins.map(({ source }) => source),
    ...foreign.map(({ name, market }) => `${name}@${market}`),
  ])
  for (const name of asked)
    if (!have.has(name))
      tell(`This project asks for the plugin ${name}, which is not installed: skein plugin install ${name}`)
  return [...found.values()].map((plugin) => partsOf(plugin, options)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function foreignOf(options: EnabledOptions, cwd: string) {
  const imports = options.imports(cwd)
  return imports.length === 0 ? [] : foreignPlugins(options).filter(({ by }) => imports.includes(by))
}

function readOrTold(root: string, name: string | undefined, tell: Tell): ReadPlugin | undefined {
  if (!existsSync(root)) {
    tell(`The plugin in ${root} is not used: it is not there.`)
    return undefined
  }
  const { plugin, problems } = readPlugin(realpathSync(root), name)
  const flaw = problems.find(({ isError }) => isError)
  if (plugin === undefined)
    tell(
      `The plugin in ${root} is not used: ${[flaw?.file, flaw?.place, flaw?.why].filter((word) => word !== undefined && word !== "").join(": ")} ` +
        `All of it: skein plugin validate ${root}`,
    )
  return plugin
}

function partsOf({ name, version, root, parts }: ReadPlugin, options: EnabledOptions): PluginParts {
  const dataFolder = join(options.dataFolder, name)
  // Programs of a plugin write there without making it first.
  if (parts.hooks.length + parts.mcpServers.length > 0) mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  return { name, version, root, dataFolder, ...parts }
}

/** Whether an installed plugin is what was agreed to: its bytes are read once, and again when something about a file changed. */
function checkedBytes({ folder }: EnabledOptions): (plugin: Installed) => boolean {
  const known = new Map<string, { readonly print: string; readonly sha256: string }>()
  return (plugin) => {
    const root = join(folder, plugin.folder)
    try {
      const print = printOf(root)
      const before = known.get(root)
      if (before?.print === print) return before.sha256 === plugin.sha256
      const sha256 = contentHash(filesIn(root))
      known.set(root, { print, sha256 })
      return sha256 === plugin.sha256
    } catch (error) {
      if (error instanceof SkeinError) return false
      throw error
    }
  }
}
