import type { ClockPort, ModelPort, ModelsWanted } from "@skein/core/ports"
import { type ModelInfo, SkeinError, type Tier } from "@skein/protocol"
import { withAbilities } from "./abilities.ts"
import { type Asked, ask } from "./ask.ts"
import { catalog, entryOf, infoOf, type ModelOverride } from "./catalog/catalog.ts"
import { type Choice, choose, defaultModel, rowOf } from "./choose.ts"
import { destinationOf, type ModelDestination } from "./destinations.ts"
import { LOCAL_ID, type LocalServer, localModel, localModels } from "./local.ts"
import { isOwnMachine, type NetworkOptions, reaching } from "./network.ts"
import { withoutPictures } from "./pictures.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import { type OwnRow, rowsWith, type UserProvider } from "./providers/user.ts"
import type { Formatter } from "./router/format.ts"
import { watched } from "./router/watch.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { type TierModel, tierModel } from "./tiers.ts"
import { withUsage } from "./usage.ts"
import type { SendOptions } from "./wire/transport.ts"

export interface ModelsOptions {
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
  /** Turns into calls what a model without tools says that it would do. Absent: what it wrote as a call is all. */
  readonly formatter?: Formatter | undefined
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
  /** The models of a local Ollama, newest first; undefined when none answers soon. Asked only now. */
  local(): Promise<readonly string[] | undefined>
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
  let overrides: ReadonlyMap<string, ModelOverride> | undefined
  /** Models that wrote a call as text once. */
  const writers = new Set<string>()
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
    const info = infoOf(choice.row.id, choice.modelId, entry, override, isReady(choice.row, key))
    return withAbilities(info, choice.row, options.env)
  }
  /** Known to see nothing; of a model that nobody has described it is not assumed. */
  function isBlind(choice: Choice): boolean {
    const { entry, override } = factsOf(choice)
    return (override?.images ?? entry?.images) === false
  }
  /** Known to write calls as text, by what it did or by who serves it. */
  function isWriter(model: string): boolean {
    const { row } = chosen(model)
    const dialect = "package" in row ? undefined : { ...row.dialect, ...row.ownDialect }
    return writers.has(model) || dialect?.writesCalls === true
  }
  /** Where the person has it: another machine's is asked what it has, not this one's. */
  function localServer(row: OwnRow): LocalServer {
    return { baseUrl: baseUrlOf(row, options.env), fetch: reach(row) }
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
      if (row.id !== LOCAL_ID || options.fetch !== undefined) return
      const learned = await localModel(modelId, localServer(row))
      if (learned === undefined) return
      overrides ??= resolved(options.overrides ?? {}, rows)
      const full = `${row.id}/${modelId}`
      overrides = new Map(overrides).set(full, { ...learned, ...overrides.get(full) })
    },
    async local() {
      const row = rows.find(({ id }) => id === LOCAL_ID)
      return row === undefined || options.fetch !== undefined ? undefined : localModels(localServer(row))
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
      const { row } = chosen(request.model)
      const { choice, key, info } = ready(request.model, await soughtKeyOf(row, signal))
      const seen = isBlind(choice) ? withoutPictures(request) : request
      const through = reach(choice.row)
      const about = { sessionId: request.cacheKey }
      const fetch: Fetch = (url, init) => through(url, init, about)
      const sending = { fetch, clock: options.clock, ...options.timeouts }
      const asked: Asked = { ...choice, key, info, env: options.env, sending }
      const reply =
        info.tools && !isWriter(request.model)
          ? watched(ask(asked, seen, signal), { request: seen, onFound: () => void writers.add(request.model) })
          : (await import("./router/router.ts")).askRouted(asked, seen, signal, {
              ...{ formatter: options.formatter, stream: (other, until) => this.stream(other, until), writers },
            })
      yield* withUsage(seen, reply)
    },
  }
}

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
