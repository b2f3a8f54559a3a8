import type { ClockPort, ModelPort, ModelsWanted } from "@skein/core/ports"
import { type ModelInfo, SkeinError, type Tier } from "@skein/protocol"
import { ask } from "./ask.ts"
import { catalog, entryOf, infoOf, type ModelOverride } from "./catalog/catalog.ts"
import { type Choice, choose, defaultModel, rowOf } from "./choose.ts"
import { destinationOf, type ModelDestination } from "./destinations.ts"
import { isOwnMachine, type NetworkOptions, reaching } from "./network.ts"
import { type OwnServersOptions, ownServers } from "./own-servers.ts"
import { withoutPictures } from "./pictures.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import { type OwnRow, rowsWith, type UserProvider } from "./providers/user.ts"
import type { Pulling } from "./pull.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { type TierModel, tierModel } from "./tiers.ts"
import { withUsage } from "./usage.ts"
import type { SendOptions } from "./wire/transport.ts"

export interface ModelsOptions extends Pick<OwnServersOptions, "ownProcess" | "memoryBytes"> {
  readonly env: Environment
  /** Looks for a provider's key when it is needed, never before. Undefined: there is none. */
  readonly key: (provider: KeyOwner) => string | undefined
  /** Looks where that takes a while, for a provider that `key` gave none for. Asked once for each. */
  readonly seek?: ((provider: KeyOwner) => Promise<string | undefined>) | undefined
  /** Why places could not be looked into, for whoever is told that there is no key. */
  readonly troubles?: (() => readonly string[]) | undefined
  /** The user's own providers, and changes to the known ones. */
  readonly providers?: readonly UserProvider[] | undefined
  /** By `provider/model`: what the user knows better than the catalogue. */
  readonly overrides?: Readonly<Record<string, ModelOverride>> | undefined
  /** Stands in for the network: a recording, a replay, a test. It is told of proxy and certificates as `fetch` is. */
  readonly fetch?: Fetch | undefined
  readonly network?: NetworkOptions | undefined
  readonly timeouts?: Pick<SendOptions, "headersTimeoutMs" | "idleTimeoutMs"> | undefined
  readonly clock: ClockPort
}

/** What finding a key needs of a provider. */
export interface KeyOwner {
  readonly id: string
  readonly name: string
  /** Variables that may hold the key, first wins. */
  readonly keyEnv: readonly string[]
}

/** The models of all providers behind one port, and the one to take when nobody has chosen. */
export interface Models extends ModelPort {
  /** `provider/model` of whatever a person wrote: an alias, a bare id. Throws SkeinError `model.unknown`. */
  resolve(name: string): string
  /** Looks for the model's key wherever keys are kept, and asks a local server what only it knows of its model. */
  learn(name: string): Promise<void>
  /** The models of a local Ollama and of this machine's own, each newest first; undefined when none answers soon. */
  local(): Promise<readonly string[] | undefined>
  /** Has a model's server get it. Throws SkeinError `op.unsupported` where the server gets none. */
  pull(name: string, how: Pulling): Promise<void>
  /** Where requests could go now: every provider that has a key, or needs none. Asks no network but for a key. */
  destinations(): Promise<readonly ModelDestination[]>
  /** The default model of the first provider that has a key at hand; undefined when none has. Asks no network. */
  defaultModel(): string | undefined
  /** The same, of a key that is kept where looking takes a while. Only for a first run that has none at hand. */
  storedModel(): Promise<string | undefined>
  /** What a tier stands for with this provider; undefined when it has no model that is known for it. */
  tier(tier: Tier, provider: string): TierModel | undefined
  list(how?: ModelsWanted): Promise<readonly ModelInfo[]>
  /** Who a key can be for: a provider's id or alias. Undefined when no provider is called that. */
  ownerOf(name: string): KeyOwner | undefined
  /** All of them that take a key. */
  owners(): readonly KeyOwner[]
  /**
   * Whether the provider takes this key, by the cheapest request there is: the list of its models. Throws SkeinError as a
   * request would, `op.unsupported` where there is no such request.
   */
  check(owner: KeyOwner, key: string, signal: AbortSignal): Promise<void>
}

/** Builds the port. Loads no wire, reads no catalogue and looks for no key until a model is asked for. */
export function models(options: ModelsOptions): Models {
  const rows = rowsWith(options.providers ?? [])
  const reach = networks(options)
  /** A step asks many times for the same few names, and rows do not change. */
  const choices = new Map<string, Choice>()
  const servers = ownServers({ ...options, reach })
  let overrides: ReadonlyMap<string, ModelOverride> | undefined
  /** Providers whose key was looked for everywhere. */
  const sought = new Set<string>()

  function chosen(name: string): Choice {
    const choice = choices.get(name) ?? choose(name, rows)
    choices.set(name, choice)
    return choice
  }
  function keyOf(row: OwnRow): string | undefined {
    const key = options.key(row)?.trim()
    return key === "" ? undefined : key
  }
  /** What is at hand, else what is found where looking takes a while. Ends with the signal, whoever still looks. */
  async function soughtKeyOf(row: OwnRow, signal?: AbortSignal): Promise<string | undefined> {
    const known = keyOf(row)
    if (known !== undefined || row.keyEnv.length === 0 || options.seek === undefined) return known
    const looking = options.seek(row)
    const key = (await (signal === undefined ? looking : unlessAborted(looking, signal)))?.trim()
    sought.add(row.id)
    return key === "" ? undefined : key
  }
  /** A broken key of one provider is told when that one is asked, and does not hide the models of the others. */
  async function usableSoughtKeyOf(row: OwnRow): Promise<string | undefined> {
    try {
      return await soughtKeyOf(row)
    } catch (error) {
      if (error instanceof SkeinError) return undefined
      throw error
    }
  }
  /** A server on this very machine that the user pointed at is asked without a key too. */
  function isReady(row: OwnRow, key: string | undefined): boolean {
    return key !== undefined || row.keyEnv.length === 0 || isOwnServer(row)
  }
  function isOwnServer(row: OwnRow): boolean {
    const baseUrl = baseUrlOf(row, options.env)
    return (baseUrl !== row.baseUrl || row.isMoved === true) && isOwnMachine(baseUrl)
  }
  /** Of a provider that is the person's own, as nobody else knows its models. */
  async function servedBy(row: OwnRow, key: string | undefined): Promise<readonly string[]> {
    if (servers.of(row) !== undefined) {
      const ids = (await servers.idsOf(row)).slice(0, LEARNED_MAX)
      await Promise.all(ids.map((modelId) => learned({ row, modelId })))
      return ids
    }
    if ("package" in row || row.isOwn !== true || !isReady(row, key)) return []
    const { servedModels } = await import("./served.ts")
    const info = infoOf(row.id, "", undefined, undefined, true)
    return servedModels(targetOf(row, "", { info, key, env: options.env }), reach(row))
  }
  function factsOf({ row, modelId }: Choice) {
    overrides ??= resolved(options.overrides ?? {}, rows)
    return {
      entry: entryOf(("catalogOf" in row ? row.catalogOf : undefined) ?? row.id, modelId),
      override: overrides.get(`${row.id}/${modelId}`),
    }
  }
  function describe(choice: Choice, key: string | undefined): ModelInfo {
    const { entry, override } = factsOf(choice)
    return infoOf(choice.row.id, choice.modelId, entry, override, isReady(choice.row, key))
  }
  /** Known to see nothing; of a model that nobody has described it is not assumed. */
  function isBlind(choice: Choice): boolean {
    const { entry, override } = factsOf(choice)
    return (override?.images ?? entry?.images) === false
  }
  /** What only its server knows of a model. */
  async function learned({ row, modelId }: Choice): Promise<void> {
    const said = await servers.learn(row, modelId)
    if (said === undefined) return
    const full = `${row.id}/${modelId}`
    overrides ??= resolved(options.overrides ?? {}, rows)
    overrides = new Map(overrides).set(full, { ...said, ...overrides.get(full) })
  }
  function ready(name: string, found?: string): { choice: Choice; key: string | undefined; info: ModelInfo } {
    const choice = chosen(name)
    const key = found ?? keyOf(choice.row)
    const info = describe(choice, key)
    if (info.isReady) return { choice, key, info }
    // Nobody has looked everywhere yet; the request does, and says so when there is none.
    if (options.seek !== undefined && !sought.has(choice.row.id))
      return { choice, key, info: { ...info, isReady: true } }
    throw noKey(choice, options.troubles?.() ?? [])
  }

  return {
    describe: (model) => ready(model).info,
    resolve(name) {
      const { row, modelId } = chosen(name)
      return `${row.id}/${modelId}`
    },
    async learn(name) {
      const { row, modelId } = chosen(name)
      await usableSoughtKeyOf(row)
      await learned({ row, modelId })
    },
    async local() {
      return servers.models(rows)
    },
    async pull(name, how) {
      const { row, modelId } = chosen(name)
      const server = row.isOwnProcess === true ? undefined : servers.of(row)
      if (server === undefined) throw new SkeinError("op.unsupported", `${row.name} gets no models on request.`)
      const { pullModel } = await import("./pull.ts")
      await pullModel(modelId, server, how)
    },
    async destinations() {
      const keys = await Promise.all(rows.map(usableSoughtKeyOf))
      return rows.flatMap((row, at) => (isReady(row, keys[at]) ? (destinationOf(row, options.env) ?? []) : []))
    },
    defaultModel: () => defaultModel(rows, (row) => isReady(row, keyOf(row))),
    tier: (tier, provider) => tierModel(tier, provider, rows),
    async storedModel() {
      for (const row of rows) {
        const isAnswer = defaultModel([row], () => true) !== undefined
        if (isAnswer && (await usableSoughtKeyOf(row)) !== undefined) return defaultModel([row], () => true)
      }
      return undefined
    },
    async list({ asksServers = false } = {}) {
      const keys = await Promise.all(rows.map(usableSoughtKeyOf))
      const said = asksServers ? await Promise.all(rows.map((row, at) => servedBy(row, keys[at]))) : []
      return rows.flatMap((row, at) => {
        overrides ??= resolved(options.overrides ?? {}, rows)
        const ids = new Set([...listed(row, [...overrides.keys()]), ...(said[at] ?? [])])
        return [...ids].map((modelId) => describe({ row, modelId }, keys[at]))
      })
    },
    ownerOf: (name) => rowOf(name, rows),
    owners: () => rows.filter(({ keyEnv }) => keyEnv.length > 0),
    async check(owner, key, signal) {
      const row = rows.find(({ id }) => id === owner.id)
      if (row === undefined) throw new Error(`${owner.id} is no provider`)
      const { check } = await import("./check.ts")
      const info = infoOf(row.id, "", undefined, undefined, true)
      await check({ row, key, env: options.env, fetch: reach(row), info, now: options.clock.now() }, signal)
    },
    async *stream(request, signal) {
      const { row, modelId } = chosen(request.model)
      await learned({ row, modelId })
      const { choice, key, info } = ready(request.model, await soughtKeyOf(row, signal))
      const seen = isBlind(choice) ? withoutPictures(request) : request
      const through = reach(choice.row)
      const about = { sessionId: request.cacheKey }
      const server = servers.of(row)
      const fetch: Fetch = servers.wayTo(row) ?? ((url, init) => through(url, init, about))
      const sending = { fetch, clock: options.clock, ...options.timeouts }
      yield* withUsage(seen, ask({ ...choice, key, info, env: options.env, sending, server }, seen, signal))
    },
  }
}

/** A list says how large the windows are, which its server is asked of each. */
const LEARNED_MAX = 200

/** One way out for each proxy. */
function networks(options: ModelsOptions): (row: OwnRow) => Fetch {
  const made = new Map<string | undefined, Fetch>()
  return (row) => {
    const proxy = row.proxy ?? options.network?.proxy
    const fetch =
      made.get(proxy) ?? reaching({ ...options.network, proxy, through: options.fetch ?? options.network?.through })
    made.set(proxy, fetch)
    return fetch
  }
}

/** The user's overrides under the full names of their models, however they were written: `opus`, `kimi/kimi-k3`. */
function resolved(
  overrides: Readonly<Record<string, ModelOverride>>,
  rows: readonly OwnRow[],
): ReadonlyMap<string, ModelOverride> {
  const named = Object.entries(overrides).map(([name, override]) => {
    try {
      const { row, modelId } = choose(name, rows)
      return [`${row.id}/${modelId}`, override] as const
    } catch (cause) {
      throw new SkeinError("config.invalid", `The settings for the model "${name}" fit no model: ${String(cause)}`, {
        cause,
      })
    }
  })
  return new Map(named)
}

function listed(row: OwnRow, overridden: readonly string[]): readonly string[] {
  const own = overridden.filter((name) => name.startsWith(`${row.id}/`))
  const ids = [...Object.keys(catalog().models[row.id] ?? {}), ...own.map((name) => name.slice(row.id.length + 1))]
  return [
    ...new Set([...ids, ...(row.defaultModel === undefined || row.catalogOf !== undefined ? [] : [row.defaultModel])]),
  ]
}

function noKey({ row, modelId }: Choice, troubles: readonly string[]): SkeinError {
  const [first = "", ...others] = row.keyEnv
  const also = others.length === 0 ? "" : ` (or ${others.join(", ")})`
  const sentences = [
    `No key for ${row.name}, which serves ${modelId}. Set ${first}${also}, or give a key file.`,
    ...troubles,
  ]
  return new SkeinError("model.no_key", sentences.join(" "))
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
