import type { ClockPort, ModelPort, ModelsWanted } from "@skein/core/ports"
import type { ModelInfo, Task, Tier } from "@skein/protocol"
import { unlessAborted } from "@skein/protocol"
import { type Ask, type Asked, ask } from "./ask.ts"
import { askedWindows } from "./asked-windows.ts"
import type { Captured, CapturedHow } from "./captured.ts"
import { catalog, infoOf, type ModelOverride, type TaskRow } from "./catalog/catalog.ts"
import { type Choice, checkServed, choose, defaultModel, rowOf } from "./choose.ts"
import { destinationOf, type ModelDestination } from "./destinations.ts"
import { modelFacts } from "./facts.ts"
import type { Logins } from "./logins.ts"
import { isOwnMachine, type NetworkOptions, reaching } from "./network.ts"
import { noKey } from "./no-key.ts"
import { toldOffline } from "./offline.ts"
import { type OwnServersOptions, ownServers } from "./own-servers.ts"
import { withoutPictures } from "./pictures.ts"
import { baseUrlOf, type Environment, hasAddress } from "./providers/address.ts"
import { keptFor, type OwnRow, rowsWith, type UserProvider } from "./providers/user.ts"
import type { Pulling } from "./pull.ts"
import { askWithQuirks, hostOf } from "./quirks/ask.ts"
import { type LearnedQuirks, learnedQuirks, learning } from "./quirks/learned.ts"
import type { Formatter } from "./router/format.ts"
import { watched } from "./router/watch.ts"
import { type KeyOwner, type Signature, signing } from "./signing.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { type TierModel, tierModel } from "./tiers.ts"
import { withUsage } from "./usage.ts"
import { asOverridden, withNotice } from "./windows.ts"
import type { SendOptions } from "./wire/transport.ts"
import type { Dialect } from "./wire/wire.ts"

export interface ModelsOptions extends Pick<OwnServersOptions, "ownProcess" | "memoryBytes"> {
  /** Whether this machine has no network at all: asked when a provider could not be reached. */
  readonly isOffline?: (() => boolean) | undefined
  readonly env: Environment
  /** Looks for a provider's key when it is needed, never before. Undefined: there is none. */
  readonly key: (provider: KeyOwner) => string | undefined
  /** Looks where that takes a while, for a provider that `key` gave none for. Asked once for each. */
  readonly seek?: ((provider: KeyOwner) => Promise<string | undefined>) | undefined
  /** Asked for every request to a provider that has a login and no key. */
  readonly logins?: Logins | undefined
  /** Why places could not be looked into, for whoever is told that there is no key. */
  readonly troubles?: (() => readonly string[]) | undefined
  /** The user's own providers, and changes to the known ones. */
  readonly providers?: readonly UserProvider[] | undefined
  /** By `provider/model`: what the user knows better than the catalogue. */
  readonly overrides?: Readonly<Record<string, ModelOverride>> | undefined
  /** Stands in for the network: a recording, a replay, a test. It is told of proxy and certificates as `fetch` is. */
  readonly fetch?: Fetch | undefined
  readonly network?: NetworkOptions | undefined
  /** How long a provider that marks are set for is to keep what they mark. As it does by itself when absent. */
  readonly cacheTtl?: Dialect["cacheTtl"]
  readonly timeouts?: Pick<SendOptions, "headersTimeoutMs" | "idleTimeoutMs"> | undefined
  readonly clock: ClockPort
  /** Turns into calls what a model without tools says that it would do. Absent: what it wrote as a call is all. */
  readonly formatter?: Formatter | undefined
  /** Where it is kept what was learned of models that want something otherwise. Absent: nothing is learned. */
  readonly quirksFile?: string | undefined
}

/** The models of all providers behind one port, and the one to take when nobody has chosen. */
export interface Models extends ModelPort {
  /** `provider/model` of whatever a person wrote: an alias, a bare id. Throws SkeinError `model.unknown`. */
  resolve(name: string): string
  /** What a captured stream of a provider says, read as if it came now, in pieces of `bytesMax`. Throws SkeinError as a live one does. */
  captured(stream: Uint8Array, how?: CapturedHow): Promise<Captured>
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
  /** Who does a task where the person said nothing: data. */
  taskRow(task: Task): TaskRow
  /** Whether `provider/model` runs on this very machine, without a key. */
  isLocal(model: string): boolean
  /** Whether it is known to see no images; of a model that nobody has described it is not assumed. */
  isBlind(model: string): boolean
  list(how?: ModelsWanted): Promise<readonly ModelInfo[]>
  /** Who a key can be for: a provider's id or alias. Undefined when no provider is called that. */
  ownerOf(name: string): KeyOwner | undefined
  /** All of them that take a key or a login. */
  owners(): readonly KeyOwner[]
  /**
   * Whether the provider takes this key, by the cheapest request there is: the list of its models. Throws SkeinError as a
   * request would, `op.unsupported` where there is no such request.
   */
  check(owner: KeyOwner, key: string, signal: AbortSignal): Promise<void>
  /** What was learned of models that want something otherwise than others; undefined where nothing is learned. */
  readonly quirks: LearnedQuirks | undefined
}

/** Builds the port. Loads no wire, reads no catalogue and looks for no key until a model is asked for. */
export function models(options: ModelsOptions): Models {
  const rows = keptFor(options.cacheTtl, rowsWith(options.providers ?? []))
  const reach = networks(options)
  /** A step asks many times for the same few names, and rows do not change. */
  const choices = new Map<string, Choice>()
  const signs = signing(options)
  const servers = ownServers({ ...options, reach })
  /** Models that wrote a call as text once. */
  const writers = new Set<string>()
  const quirks = options.quirksFile === undefined ? undefined : learning(options.quirksFile, options.clock)
  const facts = modelFacts({
    ...{ rows, env: options.env, said: options.overrides ?? {} },
    refusedAbove: (name, baseUrl) => quirks?.kept.of(name, hostOf(baseUrl))?.contextTokens,
    today: () => new Date(options.clock.now()).toISOString().slice(0, 10),
  })
  const windows = askedWindows({
    ...{ facts, signs, env: options.env, reach, describe },
    isServed: (row) => servers.of(row) !== undefined,
    isOnline: options.fetch === undefined,
  })
  const asks: Ask = quirks === undefined ? ask : (...to) => askWithQuirks(...to, quirks)

  function chosen(name: string): Choice {
    const known = choices.get(name)
    if (known !== undefined) return known
    const choice = choose(name, rows)
    if (choice.row.models !== undefined) checkServed(choice, facts.isDescribed(choice))
    choices.set(name, choice)
    return choice
  }
  /** Of a provider that is the person's own, or a server that they said an address of: nobody else knows its models. */
  async function servedBy(row: OwnRow, key: string | undefined): Promise<readonly string[]> {
    if (servers.of(row) !== undefined) {
      const ids = (await servers.idsOf(row)).slice(0, LEARNED_MAX)
      await Promise.all(ids.map((modelId) => learned({ row, modelId })))
      return ids
    }
    const isTheirs = row.isOwn === true || (row.isKeyOptional === true && baseUrlOf(row, options.env) !== row.baseUrl)
    if ("package" in row || !isTheirs || !signs.isReady(row, key)) return []
    const { servedModels } = await import("./served.ts")
    const info = infoOf(row.id, "", undefined, undefined, true)
    return servedModels(targetOf(row, "", { info, key, env: options.env }), reach(row))
  }
  function describe(choice: Choice, key: string | undefined): ModelInfo {
    return facts.describe(choice, signs.isReady(choice.row, key))
  }
  /** Of the models that are known, and those that its server named. */
  function infosOf(row: OwnRow, said: readonly string[], key: string | undefined): readonly ModelInfo[] {
    const ids = new Set([...facts.idsOf(row), ...said])
    return [...ids].map((modelId) => describe({ row, modelId }, key))
  }
  /** Known to write calls as text, by what it did or by who serves it. */
  function isWriter(model: string): boolean {
    const { row } = chosen(model)
    const dialect = "package" in row ? undefined : { ...row.dialect, ...row.ownDialect }
    return writers.has(model) || dialect?.writesCalls === true
  }
  /** What only its server knows of a model. */
  async function learned(choice: Choice): Promise<void> {
    facts.remember(choice, await servers.learn(choice.row, choice.modelId))
  }
  function ready(name: string, found: Signature = {}): { choice: Choice; key: string | undefined; info: ModelInfo } {
    const choice = chosen(name)
    const key = found.key ?? signs.keyAtHand(choice.row)
    const info = describe(choice, key)
    if (info.isReady) return { choice, key, info }
    // Nobody has looked everywhere yet; the request does, and says so when there is none.
    if (signs.isUnsought(choice.row)) return { choice, key, info: { ...info, isReady: true } }
    throw noKey(choice, { hasLogins: options.logins !== undefined, troubles: options.troubles?.() ?? [] })
  }

  /** A model and all that a request to it takes; what leaves is recorded for the session. */
  async function askedOf(name: string, sessionId: string, signal: AbortSignal): Promise<Asked> {
    const signature = await signs.sought(chosen(name).row, signal)
    await unlessAborted(learned(chosen(name)), signal)
    const { choice, key, info } = ready(name, signature)
    const through = reach(choice.row)
    const fetch: Fetch = servers.wayTo(choice.row) ?? ((url, init) => through(url, init, { sessionId }))
    const sending = { fetch, clock: options.clock, ...options.timeouts }
    const server = servers.of(choice.row)
    return { ...choice, key, credential: signature.credential, info, env: options.env, sending, server }
  }

  return {
    describe: (model) => ready(model).info,
    captured: async (stream, how) => (await import("./captured.ts")).captured(stream, how),
    resolve(name) {
      const { row, modelId } = chosen(name)
      return `${row.id}/${modelId}`
    },
    async learn(name) {
      const { row, modelId } = chosen(name)
      const { key } = await signs.standing(row)
      await learned({ row, modelId })
      await windows.learn({ row, modelId }, key)
    },
    local: () => servers.models(rows),
    pull: (name, how) => servers.pull(chosen(name), how),
    async destinations() {
      const found = await Promise.all(rows.map(signs.standing))
      return rows.flatMap((row, at) => {
        const { key, login } = found[at] ?? {}
        return signs.isReady(row, key) ? (destinationOf(row, options.env, login) ?? []) : []
      })
    },
    defaultModel: () => defaultModel(rows, (row) => signs.isReady(row, signs.keyAtHand(row))),
    tier: (tier, provider) => tierModel(tier, provider, rows, (row) => infosOf(row, [], undefined)),
    taskRow: (task) => catalog().tasks[task],
    isBlind: (model) => facts.isBlind(chosen(model)),
    isLocal(model) {
      const { row, modelId } = chosen(model)
      if (row.sendsOn?.test(modelId) === true) return false
      if (row.isOwnProcess === true) return true
      const isFree = row.isKeyOptional === true || (row.keyEnv.length === 0 && row.login === undefined)
      return isFree && hasAddress(row, options.env) && isOwnMachine(baseUrlOf(row, options.env))
    },
    async storedModel() {
      for (const row of rows) {
        const isAnswer = defaultModel([row], () => true) !== undefined
        const { key, login } = isAnswer ? await signs.standing(row) : {}
        if (key !== undefined || login !== undefined) return defaultModel([row], () => true)
      }
      return undefined
    },
    async list({ asksServers = false } = {}) {
      const keys = (await Promise.all(rows.map(signs.standing))).map(({ key }) => key)
      const said = asksServers ? await Promise.all(rows.map((row, at) => servedBy(row, keys[at]))) : []
      return rows.flatMap((row, at) => infosOf(row, said[at] ?? [], keys[at]))
    },
    quirks: quirks && learnedQuirks(quirks, (name, signal) => askedOf(name, "", signal)),
    ownerOf: (name) => rowOf(name, rows),
    owners: () => rows.filter(({ keyEnv, login }) => keyEnv.length > 0 || login !== undefined),
    async check(owner, key, signal) {
      const row = rows.find(({ id }) => id === owner.id)
      if (row === undefined) throw new Error(`${owner.id} is no provider`)
      const { check } = await import("./check.ts")
      const info = infoOf(row.id, "", undefined, undefined, true)
      await check({ row, key, env: options.env, fetch: reach(row), info, now: options.clock.now() }, signal)
    },
    async *stream(request, signal) {
      const known = await askedOf(request.model, request.cacheKey, signal)
      const { contextTokens = await unlessAborted(windows.before(known), signal) } = request
      const asked = { ...known, info: { ...known.info, contextTokens } }
      const sighted = facts.isBlind(asked) ? withoutPictures(request) : request
      const seen = asOverridden(sighted, asked.info, facts.overrideOf(asked))
      const reply =
        asked.info.tools && !isWriter(request.model)
          ? watched(asks(asked, seen, signal), {
              ...{ request: seen, isNative: facts.isListed(asked) },
              onFound: () => void writers.add(request.model),
            })
          : (await import("./router/router.ts")).askRouted(asked, seen, signal, {
              ...{ ask: asks, formatter: options.formatter, writers },
              stream: (other, until) => this.stream(other, until),
            })
      try {
        yield* withNotice(windows.notice(asked), withUsage(seen, reply))
        signs.accepted(asked.row, asked.credential)
      } catch (error) {
        throw toldOffline(signs.refusal(error, asked.row, asked.credential), asked, options.isOffline)
      }
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
