import { readFileSync, realpathSync, statSync } from "node:fs"
import { basename, dirname, isAbsolute, join } from "node:path"
import type { PluginFile } from "../files.ts"
import { refused, shown } from "../files.ts"
import { jsonAt } from "../manifest/read.ts"
import { downloaded } from "../sources/download.ts"
import { below, filesOf, type GetOptions, withinMarket } from "../sources/got.ts"
import { type Here, type Source, sourceIn, sourceOf, sourceText } from "../sources/source.ts"
import type { Incoming, InstallOptions } from "../store/install.ts"
import { staged, swept } from "../store/staging.ts"
import type { Market, State } from "../store/state.ts"
import { type Entry, MARKET_BYTES_MAX, MARKET_FILES, type MarketFile, marketFile } from "./index-file.ts"

export interface MarketOptions extends InstallOptions {
  readonly get: GetOptions
  readonly here: Here
}

export interface Offer extends Entry {
  readonly market: string
}

/** Adds a marketplace, or brings it up to date where it is known. Rejects with SkeinError. */
export async function marketAdded(text: string, options: MarketOptions): Promise<Market> {
  const source = sourceOf(text, options.here)
  if (source.kind === "market") throw refused(`${shown(text)} is no place where a marketplace could be.`)
  const { state } = options
  const found = await foundMarket(source, options)
  try {
    return await state.change(async (now) => {
      const before = now.markets.find((each) => each.source === sourceText(source))
      const list = await marketFile(found.text, now.keys, before)
      if (before !== undefined && (before.source !== sourceText(source) || before.name !== list.name))
        throw refused(`There is a marketplace ${before.name} already, from ${before.source}. Remove it first.`)
      if (now.markets.some((each) => each !== before && each.name === list.name))
        throw refused(`There is a marketplace ${list.name} already. Remove it first.`)
      const market = marketRow(list, sourceText(source), found, options.now())
      found.keep?.(market.folder)
      const next = { ...now, markets: [...now.markets.filter((each) => each !== before), market] }
      swept(options.folder, next, options.now())
      return { state: next, result: market }
    })
  } finally {
    found.drop?.()
  }
}

/** Brings one up to date. Rejects with SkeinError. */
export async function marketUpdated(name: string, options: MarketOptions): Promise<Market> {
  return await marketAdded(marketNamed(options.state.read(), name).source, options)
}

export async function marketRemoved(name: string, { state, folder, now }: MarketOptions): Promise<boolean> {
  return await state.change(async (before) => {
    const markets = before.markets.filter((each) => each.name !== name)
    if (markets.length === before.markets.length) return { state: before, result: false }
    const next = { ...before, markets }
    swept(folder, next, now())
    return { state: next, result: true }
  })
}

/** What a marketplace offers, as its list said it when it was last brought up to date. Rejects with SkeinError. */
export async function offersOf(market: Market, options: MarketOptions): Promise<readonly Offer[]> {
  const list = await marketFile(textAt(folderOf(market, options), market.file), options.state.read().keys, market)
  return list.entries.map((entry) => ({ ...entry, market: market.name }))
}

/** The files of a plugin that a marketplace offers. Rejects with SkeinError. */
export async function fromMarket(name: string, marketName: string, options: MarketOptions): Promise<Incoming> {
  const state = options.state.read()
  const market = marketNamed(state, marketName)
  const offers = await offersOf(market, options)
  const offer = offers.find((each) => each.name === name)
  if (offer === undefined)
    throw refused(`${marketName} offers no plugin ${shown(name)}. See what it does: skein plugin search @${marketName}`)
  if (offer.isBlocked) throw refused(`${marketName} says that ${name} cannot be installed.`)
  const files = withManifest(await filesOfOffer(offer, market, options), offer)
  const signer = state.keys.find(({ id }) => id === market.signedBy)
  const isBound = signer !== undefined && offer.sha256 !== undefined
  return {
    ...{ files, name, source: `${name}@${marketName}`, group: marketName, isByHand: false },
    index: isBound ? { signedBy: signer.id, signer: signer.name, sha256: offer.sha256 ?? "" } : undefined,
  }
}

function marketNamed(state: State, name: string): Market {
  const found = state.markets.find((each) => each.name === name)
  if (found !== undefined) return found
  const known = state.markets.map((each) => each.name)
  throw refused(
    `There is no marketplace ${shown(name)}. ${known.length === 0 ? "Add one: skein plugin marketplace add SOURCE" : `There are ${known.join(", ")}.`}`,
  )
}

interface FoundMarket {
  readonly text: string
  readonly file: string
  /** In place, where it is a folder of this machine. */
  readonly folder?: string | undefined
  readonly keep?: ((to: string) => void) | undefined
  readonly drop?: (() => void) | undefined
}

async function foundMarket(source: Exclude<Source, { kind: "market" }>, options: MarketOptions): Promise<FoundMarket> {
  if (source.kind === "path") return inPlace(source.path)
  if (source.kind === "url" && /\.json$/.test(new URL(source.url).pathname)) {
    const bytes = await downloaded(options.get.reach, source.url, {
      bytesMax: MARKET_BYTES_MAX,
      accept: "application/json",
    })
    const file = basename(new URL(source.url).pathname)
    return await kept([{ path: file, bytes, isExecutable: false }], file, options)
  }
  const files = await filesOf(source, options.get)
  const file = MARKET_FILES.find((name) => files.some(({ path }) => path === name))
  if (file === undefined) throw refused(noList(sourceText(source)))
  return await kept(files, file, options)
}

function inPlace(path: string): FoundMarket {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw refused(`${path} is not there.`)
  const real = realpathSync(path)
  if (stats.isFile()) {
    const root = /\/(?:\.claude-plugin|\.agents\/plugins)\/[^/]+$/.exec(real)
    const folder = root === null ? dirname(real) : real.slice(0, root.index)
    return { text: textAt(folder, real.slice(folder.length + 1)), folder, file: real.slice(folder.length + 1) }
  }
  const file = MARKET_FILES.find((name) => jsonAt(real, name, MARKET_BYTES_MAX) !== undefined)
  if (file === undefined) throw refused(noList(path))
  return { text: textAt(real, file), folder: real, file }
}

async function kept(files: readonly PluginFile[], file: string, options: MarketOptions): Promise<FoundMarket> {
  const waiting = await staged(options.folder, files)
  return { text: textAt(waiting.folder, file), file, keep: waiting.keep, drop: waiting.drop }
}

function noList(where: string): string {
  return `${where} is no marketplace: it has none of ${MARKET_FILES.join(", ")}.`
}

function textAt(folder: string, file: string): string {
  const bytes = readFileSync(withinMarket(folder, `./${file}`))
  if (bytes.length > MARKET_BYTES_MAX) throw refused(`${file} has more than ${MARKET_BYTES_MAX} bytes.`)
  return bytes.toString()
}

function marketRow(list: MarketFile, source: string, found: FoundMarket, now: number): Market {
  const folder = found.folder ?? `.markets/${list.name}/${now}-${list.sha256.slice(0, 12)}`
  const signing =
    list.signer === undefined ? {} : { signedBy: list.signer.id, serial: list.serial, sha256: list.sha256 }
  return { name: list.name, source, folder, file: found.file, updatedAt: now, ...signing }
}

function folderOf({ folder }: Market, options: MarketOptions): string {
  return isAbsolute(folder) ? folder : join(options.folder, folder)
}

async function filesOfOffer(offer: Offer, market: Market, options: MarketOptions): Promise<readonly PluginFile[]> {
  const source = sourceIn(offer.source)
  if (source.kind !== "relative") {
    if (source.kind === "market" || source.kind === "path")
      throw refused(`${offer.name} has no source that can be got.`)
    return await filesOf(source, options.get)
  }
  const base = /^https?:/.test(market.source) && market.source.endsWith(".json") ? market.source : undefined
  if (base !== undefined)
    return await filesOf({ kind: "url", url: new URL(source.path, base).href, sha256: source.sha256 }, options.get)
  return below(
    await filesOf({ kind: "path", path: withinMarket(folderOf(market, options), source.path) }, options.get),
    undefined,
  )
}

const PARTS = ["skills", "commands", "agents", "outputStyles", "hooks", "mcpServers"]

/** A marketplace may say what a plugin is that has no manifest: then that is its manifest, and it has no more than it names. */
function withManifest(
  files: readonly PluginFile[],
  { name, version, description, value }: Offer,
): readonly PluginFile[] {
  const named = PARTS.filter((key) => value[key] !== undefined)
  const isPlain = files.every(
    ({ path }) => !/^(?:skein-plugin\.json|\.(?:claude|codex)-plugin\/plugin\.json)$/.test(path),
  )
  if (!isPlain || named.length === 0) return files
  const parts = Object.fromEntries(named.map((key) => [key, value[key]]))
  const manifest = { name, version: version ?? "0.0.0", description: description ?? "", onlyNamed: true, ...parts }
  return [
    ...files,
    { path: "skein-plugin.json", bytes: new TextEncoder().encode(JSON.stringify(manifest)), isExecutable: false },
  ]
}
