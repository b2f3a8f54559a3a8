import { dirname } from "node:path"
import { asText, asTexts, type Json } from "@skein/protocol/json"
import { type Context, needed, personalOf, type Reply } from "./method.ts"
import { RpcError } from "./peer.ts"
import type { OfferedPlugin, PersonalPlugins, PluginRow } from "./personal.ts"

/** Those that were got by themselves are shown under this name. */
const OWN_MARKET = "skein"

/** `plugin/list`: what is installed, and what marketplaces offer beside it. */
export async function listPlugins(_params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("plugin/list", context)
  const [rows, { offers, troubles }] = await Promise.all([plugins.installed(), plugins.offers()])
  const marketplaceLoadErrors = troubles.map((message) => ({ marketplacePath: "/", message }))
  return {
    result: { marketplaces: await entries(plugins, rows, offers), marketplaceLoadErrors, featuredPluginIds: [] },
  }
}

export async function listInstalled(_params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("plugin/installed", context)
  return { result: { marketplaces: await entries(plugins, await plugins.installed(), []), marketplaceLoadErrors: [] } }
}

async function entries(plugins: PersonalPlugins, rows: readonly PluginRow[], offers: readonly OfferedPlugin[]) {
  const markets = await plugins.markets()
  const missing = offers.filter(({ name, market }) => !rows.some((row) => idOf(row) === `${name}@${market}`))
  const names = new Set([...markets.map(({ name }) => name), ...rows.map(marketOf)])
  return [...names].flatMap((name) => {
    const own = rows.filter((row) => marketOf(row) === name).map(installed)
    const shown = [...own, ...missing.filter(({ market }) => market === name).map(offered)]
    const path = markets.find((market) => market.name === name)?.folder ?? null
    return shown.length === 0 && path === null ? [] : [{ name, path, interface: null, plugins: shown }]
  })
}

/** `name@market`: it is its source where it came from a marketplace. */
function idOf(row: PluginRow): string {
  return `${row.name}@${marketOf(row)}`
}

function marketOf({ name, source, by }: PluginRow): string {
  if (source.startsWith(`${name}@`) && !source.includes("/")) return source.slice(name.length + 1)
  return by === "skein" ? OWN_MARKET : by
}

const SHARED = {
  ...{ remotePluginId: null, shareContext: null, installPolicy: "AVAILABLE", installPolicySource: null },
  ...{ mustShowInstallationInterstitial: null, authPolicy: "ON_USE", availability: "AVAILABLE", disabledReason: null },
  ...{ eligiblePlanTypes: null, interface: null, keywords: [], installedAt: null },
}

function installed(row: PluginRow): Json {
  const { name, root, isEnabled } = row
  const version = row.version ?? null
  const source = { type: "local", path: root }
  return { ...SHARED, id: idOf(row), name, version, localVersion: version, source, installed: true, enabled: isEnabled }
}

function offered({ name, market, version }: OfferedPlugin): Json {
  const shown = { id: `${name}@${market}`, name, version: version ?? null, localVersion: null }
  return { ...SHARED, ...shown, source: { type: "remote" }, installed: false, enabled: false }
}

/** `plugin/read`: one that is installed, with all that it brings. */
export async function readPlugin(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("plugin/read", context)
  const name = needed(params, "pluginName")
  const row = (await plugins.installed()).find((one) => one.name === name)
  if (row === undefined) throw new RpcError(`plugin not found: ${name}. Only what is installed is read`)
  const named = (kind: string) => row.parts.filter((part) => part.kind === kind)
  const skills = named("skill").map((part) => ({
    ...{ name: part.name, description: part.does ?? "", shortDescription: null, interface: null, path: null },
    enabled: row.isEnabled,
  }))
  const plugin = {
    ...{ marketplaceName: marketOf(row), marketplacePath: null, summary: installed(row), shareUrl: null },
    ...{ description: row.description ?? null, skills, onboardingSkill: null, hooks: [], apps: [], appTemplates: [] },
    ...{ mcpServers: named("mcp_server").map((part) => part.name), scheduledTasks: null },
  }
  return { result: { plugin } }
}

/** `plugin/install`: only what somebody signed whom the person trusts, because nobody is shown here what it would run. */
export async function installPlugin(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("plugin/install", context)
  const name = needed(params, "pluginName")
  const market = asText(params.remoteMarketplaceName) ?? (await marketAt(asText(params.marketplacePath), plugins))
  const install = async () => {
    await plugins.install(market === undefined ? name : `${name}@${market}`)
    return { authPolicy: "ON_USE", appsNeedingAuth: [] }
  }
  return { result: install() }
}

async function marketAt(path: string | undefined, plugins: PersonalPlugins): Promise<string | undefined> {
  if (path === undefined) return undefined
  const markets = await plugins.markets()
  // Clients name the folder, or the file in it.
  const found = markets.find(({ folder }) => path === folder || dirname(path).startsWith(folder))
  if (found !== undefined) return found.name
  throw new RpcError(`There is no marketplace at ${path}: marketplace/add adds one`)
}

export async function removePlugin(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("plugin/uninstall", context)
  await plugins.remove(needed(params, "pluginId").replace(/@[^@]*$/, ""))
  return { result: {} }
}

export async function addMarketplace(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("marketplace/add", context)
  if (asTexts(params.sparsePaths).length > 0)
    throw new RpcError("marketplace/add takes a marketplace whole: leave sparsePaths out")
  const source = needed(params, "source")
  const refName = asText(params.refName)
  const add = async () => {
    const before = await plugins.markets()
    const { name, folder } = await plugins.addMarket(refName === undefined ? source : `${source}#${refName}`)
    const alreadyAdded = before.some((market) => market.name === name)
    return { marketplaceName: name, installedRoot: folder, alreadyAdded }
  }
  return { result: add() }
}

export async function removeMarketplace(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("marketplace/remove", context)
  const marketplaceName = needed(params, "marketplaceName")
  if (await plugins.removeMarket(marketplaceName)) return { result: { marketplaceName, installedRoot: null } }
  throw new RpcError(`marketplace not found: ${marketplaceName}`)
}

export async function upgradeMarketplace(params: Json, context: Context): Promise<Reply> {
  const { plugins } = personalOf("marketplace/upgrade", context)
  const only = asText(params.marketplaceName)
  const upgrade = async () => {
    const markets = (await plugins.markets()).filter(({ name }) => only === undefined || name === only)
    if (only !== undefined && markets.length === 0) throw new RpcError(`marketplace not found: ${only}`)
    const done = markets.map(async ({ name, folder }) => {
      try {
        await plugins.updateMarket(name)
        return { folder }
      } catch (error) {
        return { error: { marketplaceName: name, message: error instanceof Error ? error.message : String(error) } }
      }
    })
    const all = await Promise.all(done)
    return {
      selectedMarketplaces: markets.map(({ name }) => name),
      upgradedRoots: all.flatMap((one) => ("folder" in one ? [one.folder] : [])),
      errors: all.flatMap((one) => ("error" in one ? [one.error] : [])),
    }
  }
  return { result: upgrade() }
}
