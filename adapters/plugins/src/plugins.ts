import { existsSync, realpathSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import type { PluginsPort, TakeLock } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Brought, broughtBy } from "./brings.ts"
import { type EnabledOptions, enabledPlugins } from "./enabled.ts"
import { contentHash, filesIn, type PluginFile, refused, shown } from "./files.ts"
import { type InventoryRow, inventory, partProblems } from "./inventory.ts"
import { isValues } from "./manifest/checks.ts"
import { type Problem, readPlugin } from "./manifest/plugin.ts"
import { parsed } from "./manifest/read.ts"
import { signedIndex } from "./markets/index-file.ts"
import {
  fromMarket,
  type MarketOptions,
  marketAdded,
  marketRemoved,
  marketUpdated,
  type Offer,
  offersOf,
} from "./markets/markets.ts"
import { type KeyPair, newKeyPair, publicKeyOf } from "./signed/keys.ts"
import { packed } from "./signed/pack.ts"
import { SEAL_FILE, sealed, type TrustedKey, type Verdict, verdictOn } from "./signed/seal.ts"
import { filesOf, type GetOptions } from "./sources/got.ts"
import { type Source, sourceOf, sourceText } from "./sources/source.ts"
import { type Allowed, type Incoming, type Proposal, proposed, removed } from "./store/install.ts"
import { type Market, type StateFile, stateFile } from "./store/state.ts"
import { withUnpacked } from "./unpacked.ts"

export interface PluginsOptions extends Omit<EnabledOptions, "state">, GetOptions {
  /** Where it is kept what is installed; absolute. */
  readonly stateFile: string
  readonly cwd: string
  readonly lock: () => Promise<TakeLock>
}

/** What a person does with plugins. Every method rejects with SkeinError, which says what to do. */
export interface PersonalPlugins {
  readonly port: PluginsPort
  /** All of this machine, with what each brings and what is wrong with it. */
  inventory(): readonly InventoryRow[]
  /** Gets a plugin and shows it; nothing of it is used before `agree`. */
  propose(source: string, allowed: Allowed): Promise<Proposal>
  /** The same for a newer state of one that is installed; undefined where it is the same. */
  proposeUpdate(name: string, allowed: Allowed): Promise<Proposal | undefined>
  enable(name: string, isEnabled: boolean): Promise<void>
  remove(name: string): Promise<void>
  /** What is wrong with a folder or an archive, and what it would bring. */
  validate(source: string): Promise<Validation>
  readonly keys: {
    list(): readonly TrustedKey[]
    /** `text`: PEM, or base64. */
    add(text: string, name: string): Promise<TrustedKey>
    remove(nameOrId: string): Promise<boolean>
    generate(): Promise<KeyPair>
  }
  /** Writes the manifest that holds a folder's files to their hashes, signed. */
  sign(folder: string, privatePem: string): Promise<Validation>
  /** The text of an index, signed. */
  signIndex(text: string, privatePem: string): Promise<string>
  /** A folder as an archive, the same bytes for the same files. */
  pack(folder: string): { readonly name: string; readonly bytes: Uint8Array }
  readonly markets: {
    list(): readonly Market[]
    add(source: string): Promise<Market>
    update(name: string): Promise<Market>
    remove(name: string): Promise<boolean>
    /** What they offer under these words; of one marketplace for `@name`. */
    search(
      words: readonly string[],
    ): Promise<{ readonly offers: readonly Offer[]; readonly troubles: readonly string[] }>
  }
}

export interface Validation {
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly sha256: string
  readonly verdict: Verdict
  readonly brings: readonly Brought[]
  readonly problems: readonly Problem[]
}

/** Plugins: what is installed, what is enabled, and how they come. Nothing is read before it is asked for. */
export function plugins(options: PluginsOptions): PersonalPlugins {
  const state = stateFile(options.stateFile, options.lock)
  const install: MarketOptions = { folder: options.folder, state, now: options.now, get: options, here: options }
  const ofSource = (source: Source) => incomingOf(source, install)
  return {
    port: enabledPlugins({ ...options, state }),
    inventory: () => inventory({ ...options, state }),
    propose: async (text, allowed) => await proposed(await ofSource(sourceOf(text, options)), allowed, install),
    async proposeUpdate(name, allowed) {
      const before = installedNamed(state, name)
      const proposal = await proposed(await ofSource(sourceOf(before.source, options)), allowed, install)
      if (proposal.name === name && proposal.sha256 !== before.sha256) return proposal
      proposal.drop()
      if (proposal.name === name) return undefined
      throw refused(
        `${before.source} has a plugin of another name now, ${proposal.name}. Install that: skein plugin install ${before.source}`,
      )
    },
    enable: (name, isEnabled) => turned(state, name, isEnabled),
    async remove(name) {
      installedNamed(state, name)
      await removed(name, install)
    },
    validate: async (text) => await validation(text, options, state),
    keys: keysOf(state),
    async sign(folder, privatePem) {
      const root = folderOf(folder)
      const { plugin } = readPlugin(root)
      const about = {
        name: plugin?.name ?? basename(root),
        version: plugin?.version ?? "0.0.0",
        description: plugin?.description ?? "",
      }
      writeFileSync(join(root, SEAL_FILE), await sealed(filesIn(root), about, privatePem))
      return await validation(root, options, state)
    },
    async signIndex(text, privatePem) {
      const read = parsed(text)
      if (!("value" in read) || !isValues(read.value)) throw refused("The index is no JSON object.")
      return await signedIndex(read.value, privatePem)
    },
    pack(folder) {
      const root = folderOf(folder)
      const { plugin, problems } = readPlugin(root)
      if (plugin === undefined) throw refused(`${root} is no plugin: ${problems.find(({ isError }) => isError)?.why}`)
      const name = `${plugin.name}-${plugin.version ?? "0.0.0"}`
      return { name: `${name}.tar.gz`, bytes: packed(filesIn(root), name) }
    },
    markets: {
      list: () => state.read().markets,
      add: (text) => marketAdded(text, install),
      update: (name) => marketUpdated(name, install),
      remove: (name) => marketRemoved(name, install),
      search: (words) => searched(words, install),
    },
  }
}

async function incomingOf(source: Source, options: MarketOptions): Promise<Incoming> {
  if (source.kind === "market") return await fromMarket(source.name, source.market, options)
  const files = await filesOf(source, options.get)
  const name = source.kind === "path" ? basename(source.path).replace(/\.(?:zip|tgz|tar\.gz|tar)$/, "") : undefined
  return { files, source: sourceText(source), group: source.kind, name, isByHand: source.kind === "path" }
}

function installedNamed(state: StateFile, name: string) {
  const { plugins } = state.read()
  const found = plugins.find((each) => each.name === name)
  if (found !== undefined) return found
  const known = plugins.map((each) => each.name)
  throw refused(
    `No plugin ${shown(name)} is installed. ${known.length === 0 ? "None is." : `There are ${known.join(", ")}.`}`,
  )
}

async function turned(state: StateFile, name: string, isEnabled: boolean): Promise<void> {
  installedNamed(state, name)
  await state.change(async (before) => {
    const plugins = before.plugins.map((each) => (each.name === name ? { ...each, isEnabled } : each))
    return { state: { ...before, plugins }, result: undefined }
  })
}

async function validation(text: string, options: PluginsOptions, state: StateFile): Promise<Validation> {
  const source = sourceOf(text.includes("/") ? text : `./${text}`, options)
  if (source.kind !== "path") throw refused(`${shown(text)} is no folder and no archive of this machine.`)
  const files = await filesOf(source, options)
  const { plugin, problems } = await readFiles(files, source.path, options.temporary)
  const verdict = await verdictOn(files, state.read().keys)
  return {
    ...{ name: plugin?.name, version: plugin?.version, sha256: contentHash(files), verdict },
    brings: plugin === undefined ? [] : plugin.brings,
    problems,
  }
}

/** A folder in its place; what is in an archive is looked at in a folder that goes again. */
async function readFiles(files: readonly PluginFile[], path: string, temporary: string) {
  return await withUnpacked(files, path, temporary, (root) => {
    const { plugin, problems } = readPlugin(root, basename(path).replace(/\.(?:zip|tgz|tar\.gz|tar)$/, ""))
    if (plugin === undefined) return { problems }
    const all = [...problems, ...partProblems(root, [...plugin.parts.hooks, ...plugin.parts.mcpServers])]
    return { plugin: { name: plugin.name, version: plugin.version, brings: broughtBy(plugin) }, problems: all }
  })
}

function keysOf(state: StateFile): PersonalPlugins["keys"] {
  return {
    list: () => state.read().keys,
    generate: newKeyPair,
    async add(text, name) {
      const key = { ...(await publicKeyOf(text)), name }
      return await state.change(async (before) => {
        const other = before.keys.find((each) => each.name === name && each.id !== key.id)
        if (other !== undefined) throw refused(`There is another key called ${name} already, ${other.id}.`)
        return { state: { ...before, keys: [...before.keys.filter(({ id }) => id !== key.id), key] }, result: key }
      })
    },
    remove: (nameOrId) =>
      state.change(async (before) => {
        const keys = before.keys.filter(({ id, name }) => id !== nameOrId && name !== nameOrId)
        return { state: { ...before, keys }, result: keys.length < before.keys.length }
      }),
  }
}

async function searched(words: readonly string[], options: MarketOptions) {
  const wanted = words.filter((word) => !word.startsWith("@")).map((word) => word.toLowerCase())
  const named = words.flatMap((word) => (word.startsWith("@") ? [word.slice(1)] : []))
  const markets = options.state.read().markets.filter(({ name }) => named.length === 0 || named.includes(name))
  const offers: Offer[] = []
  const troubles: string[] = []
  for (const market of markets) {
    try {
      offers.push(...(await offersOf(market, options)))
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      troubles.push(`${market.name}: ${error.message}`)
    }
  }
  const fits = ({ name, description, category }: Offer) => {
    const text = [name, description, category].join(" ").toLowerCase()
    return wanted.every((word) => text.includes(word))
  }
  return { offers: offers.filter(fits).toSorted((a, b) => (a.name < b.name ? -1 : 1)), troubles }
}

function folderOf(folder: string): string {
  if (!existsSync(folder)) throw refused(`${folder} is not there.`)
  return realpathSync(folder)
}
