import { join } from "node:path"
import type { Place } from "@skein/core/ports"
import { type McpAction, type McpServerInfo, type Sandbox, SkeinError } from "@skein/protocol"
import type { FoundServer } from "../config/found.ts"
import { sha256 } from "../config/raw.ts"
import type { KeptServer, KeptStatus, LiveServer, ServerUser } from "../connection/live-server.ts"
import { type Logins, logins } from "../oauth/logins.ts"
import { AllBrought } from "./brought.ts"
import { type Catalogue, catalogue, keyOf, type Offer } from "./catalogue.ts"
import { chosen } from "./chosen.ts"
import { type KnownTool, knownTools } from "./definitions.ts"
import { isFailure, offerOf } from "./offer-of.ts"
import type { McpOptions } from "./options.ts"
import { type Pins, pins } from "./pins.ts"
import { infoOf, isEnabled, type Row, rowNamed, whyNot } from "./rows.ts"
import { type Told, telling } from "./telling.ts"
import { ToldOnce } from "./told-once.ts"

/** What there is in a place, as a turn found it when it began. */
export interface PlaceState {
  readonly place: Place
  readonly rows: readonly Row[]
  readonly told: Told
  readonly problems: readonly string[]
}

/** How a server is held for whoever uses it. */
export interface Holding {
  readonly roots: readonly string[]
  readonly sandbox: Sandbox
}

interface Kept {
  readonly server: KeptServer
  readonly cwd: string
  readonly sandbox: Sandbox
  readonly unwatch: () => void
}

/** All servers of all places: which there are, which run, and what they offer. */
export class Servers {
  readonly pins: Pins
  readonly logins: Logins | undefined
  readonly #options: McpOptions
  readonly #catalogue: Catalogue
  readonly #states = new Map<string, PlaceState>()
  /** By what each is known by, its folder, and how it is held. */
  readonly #kept = new Map<string, Kept>()
  readonly brought = new AllBrought()
  /** What a person turned on or off for a session, by group. */
  readonly #switched = new Map<string, Map<string, boolean>>()
  /** Of an offer: it is the same in all sessions, and most turns find it as it was. */
  readonly #known = new WeakMap<Offer, readonly KnownTool[]>()
  readonly #told: ToldOnce
  readonly #listeners = new Set<() => void>()
  /** Those that run and told that they offer something else now. */
  readonly #stale = new Map<string, Pick<Row, "found" | "key">>()
  #isClosed = false

  constructor(options: McpOptions) {
    this.#options = options
    this.#told = new ToldOnce(options)
    this.#catalogue = catalogue(join(options.cacheDir, "offers"), options.onDefect)
    this.pins = pins(options.pinsFile, options.lock)
    const { logins: world, fetch } = options
    this.logins = world && logins({ ...world, through: fetch, envFor: (found) => this.envFor(found) })
  }

  /** As the newest turn of this place found it; undefined before one was. */
  now(place: Place): PlaceState | undefined {
    return this.#states.get(placeKey(place))
  }

  /** Any state of this folder, for naming calls. */
  inFolder(cwd: string): PlaceState | undefined {
    return [...this.#states.values()].findLast(({ place }) => place.cwd === cwd)
  }

  /** Reads again what is configured and trusted. Starts nothing. What is the same stays the same object. */
  async look(place: Place): Promise<PlaceState> {
    await this.#askStale()
    const { cwd, sessionId } = place
    const brought = this.brought.of(sessionId)?.servers ?? []
    const { servers, problems } = this.#options.configured.read(cwd, brought, await this.#options.plugins(place))
    const ofProject = servers.filter(
      ({ item, spec, isEnabled: isOn }) => item !== undefined && spec !== undefined && isOn,
    )
    const trusted = ofProject.length === 0 ? new Set() : await this.#options.trusted(cwd, ofProject)
    const choices = servers.map((found) => chosen(found, found.item === undefined || trusted.has(found)))
    const rows = choices.map(({ found, isTrusted }) => this.#row(found, place, isTrusted))
    const { tokens, tokensInFull } = this.#options
    const told = telling(rows, { tokens, tokensInFull: tokensInFull(cwd) })
    const before = this.now(place)
    const isSame = before !== undefined && JSON.stringify(before.told.specs) === JSON.stringify(told.specs)
    const remarks = [...problems, ...choices.flatMap(({ remark }) => remark ?? [])]
    const state = { place, rows, problems: remarks, told: isSame ? { ...told, specs: before.told.specs } : told }
    this.#states.set(placeKey(place), state)
    await this.#told.tell(state)
    return state
  }

  /** What a server said of a change is asked for when a turn begins, and no turn waits for it long. */
  async #askStale(): Promise<void> {
    const all = [...this.#stale.entries()]
    this.#stale.clear()
    const asked = all.map(async ([id, { key }]) => {
      const kept = this.#kept.get(id)
      if (kept?.server.status.kind !== "connected") return
      const live = await kept.server.use({ signal: AbortSignal.timeout(STALE_MS_MAX), roots: [kept.cwd] })
      this.#catalogue.keep(key, await offerOf(live))
    })
    for (const { reason } of (await Promise.allSettled(asked)).filter(isRejected)) {
      // It died meanwhile: then it is as it was known until it is used again.
      if (!isFailure(reason)) this.#options.onDefect(reason)
    }
  }

  #row(found: FoundServer, place: Place, isTrusted: boolean): Row {
    const { spec } = found
    if (spec === undefined) return { found, key: "", standing: "broken", offer: undefined, known: [], tools: [] }
    const key = keyOf(spec)
    const isOn = this.#switched.get(placeKey(place))?.get(found.group) ?? found.isEnabled
    const standing = !isOn ? "disabled" : isTrusted ? "usable" : "untrusted"
    return this.#offering({ found, key, standing, offer: undefined, known: [], tools: [] }, this.#catalogue.of(key))
  }

  #offering(row: Row, offer: Offer | undefined): Row {
    const known = offer === undefined ? [] : (this.#known.get(offer) ?? this.#knownIn(offer, row.found.group))
    return { ...row, offer, known, tools: known.filter(({ name }) => isEnabled(row.found, name)) }
  }

  /** A key stands for one name, so that an offer is of one group. */
  #knownIn(offer: Offer, group: string): readonly KnownTool[] {
    const { known } = knownTools(group, offer.tools, this.#options.tokens)
    this.#known.set(offer, known)
    return known
  }

  /** The connection of a server, begun where there is none; what it offers is known from then on. Throws ToolFailure. */
  async use(
    row: Row,
    place: Place,
    user: ServerUser,
    holding?: Holding,
  ): Promise<{ readonly live: LiveServer; readonly row: Row }> {
    const kept = this.#keptFor(row, place, holding)
    const live = await kept.server.use(user)
    const offer = await offerOf(live)
    this.#catalogue.keep(row.key, offer)
    return { live, row: this.#offering(row, offer) }
  }

  /** What calls are judged by from now on; what is told stays as it is until a turn begins. */
  learned(place: Place, row: Row): void {
    const state = this.now(place)
    if (state === undefined) return
    const rows = state.rows.map((one) => (one.found.group === row.found.group ? row : one))
    this.#states.set(placeKey(place), { ...state, rows })
  }

  #keptFor({ found, key }: Row, place: Place, holding: Holding | undefined): Kept {
    const { spec } = found
    if (spec === undefined || this.#isClosed) throw new Error("Only what can be used is kept")
    const id = this.#id(found, key, place)
    const known = this.#kept.get(id)
    const { roots, sandbox: asked } = holding ?? { roots: [place.cwd], sandbox: known?.sandbox ?? "workspace-write" }
    const sandbox = found.isUnconfined ? "full-access" : asked
    if (known?.sandbox === sandbox) return known
    // Held otherwise than it is now: never two of one server.
    if (known !== undefined) this.#end(id, known)
    const { processes, fetch, log, warn, now, sleep, version, idleMs } = this.#options
    const server = this.#options.keep(spec, {
      ...{ processes, fetch, log, warn, now, sleep, version, idleMs, sandbox, roots, cwd: place.cwd },
      toClient: (message) => this.#passed(place, spec.name, message),
      env: this.envFor(found),
      cacheDir: join(this.#options.cacheDir, "servers", key.slice(0, 16)),
      hosts: found.hosts,
      auth: this.logins?.authFor(found),
    })
    const unwatch = server.watch((what) => {
      if (what !== "status") this.#stale.set(id, { found, key })
      for (const listener of this.#listeners) listener()
    })
    const kept = { server, cwd: place.cwd, sandbox, unwatch }
    this.#kept.set(id, kept)
    return kept
  }

  /** What its settings can name. */
  envFor({ scope }: FoundServer): McpOptions["env"] {
    const { env, envOfProject } = this.#options
    return scope === "project" || scope === "plugin" ? envOfProject : env
  }

  /** Ends what runs of it, so that it is begun with what is known now. */
  async forget({ found, key }: Row, place: Place): Promise<void> {
    await this.#kept.get(this.#id(found, key, place))?.server.disconnect()
  }

  #id({ scope, spec }: FoundServer, key: string, { cwd, sessionId }: Place): string {
    return JSON.stringify([
      cwd,
      key,
      sha256(JSON.stringify(spec)),
      scope === "client" ? this.brought.ownerOf(sessionId) : undefined,
    ])
  }

  #end(id: string, { server, unwatch }: Kept): void {
    this.#kept.delete(id)
    unwatch()
    server.close().catch(this.#options.onDefect)
  }

  statusOf({ found, key }: Row, place: Place): KeptStatus {
    return this.#kept.get(this.#id(found, key, place))?.server.status ?? { kind: "idle" }
  }

  infoOf(row: Row, { place, told }: PlaceState): McpServerInfo {
    const pinOf = row.known.length === 0 ? () => undefined : this.pins.ofServer(row.key)
    const isOther = ({ name, sha256 }: KnownTool) => (pinOf(name)?.sha256 ?? sha256) !== sha256
    const drifted = new Set(row.known.filter(isOther).map(({ name }) => name))
    const tokens = told.tokens.get(row.found.group) ?? 0
    return infoOf(row, this.statusOf(row, place), { redact: this.#options.redact, tokens, drifted })
  }

  /** See `McpPort.control`. */
  async control(name: string, action: McpAction, place: Place): Promise<McpServerInfo> {
    const row = rowNamed(await this.look(place), name)
    const kept = this.#kept.get(this.#id(row.found, row.key, place))
    if (action === "enable" || action === "disable") {
      const switched = this.#switched.get(placeKey(place)) ?? new Map<string, boolean>()
      this.#switched.set(placeKey(place), switched.set(row.found.group, action === "enable"))
    }
    if (action !== "connect" && action !== "enable") await kept?.server.disconnect()
    if (action === "connect" || action === "reconnect") {
      const why = whyNot(row)
      if (why !== undefined) throw new SkeinError("op.unsupported", why)
      await kept?.server.disconnect()
      await this.#connected(row, place)
    }
    const state = await this.look(place)
    return this.infoOf(rowNamed(state, name), state)
  }

  async #connected(row: Row, place: Place): Promise<void> {
    const signal = AbortSignal.timeout(CONNECT_MS_MAX)
    try {
      await this.use(row, place, { signal, roots: [place.cwd], sessionId: place.sessionId })
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new SkeinError("op.unsupported", why, { cause })
    }
  }

  /** By the way of the newest who brought it: a client that came back is another. */
  async #passed({ sessionId }: Place, server: string, message: unknown): Promise<unknown> {
    const brought = this.brought.of(sessionId)
    if (brought === undefined)
      throw new SkeinError("client.gone", `No client of this session has the server ${server}.`)
    return brought.pass({ server, message })
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Nothing of any server is left when it resolves. */
  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#kept.values()]
    this.#kept.clear()
    await Promise.all(
      all.map(async ({ server, unwatch }) => {
        unwatch()
        await server.close()
      }),
    )
  }
}

const CONNECT_MS_MAX = 90_000

function placeKey({ cwd, sessionId }: Place): string {
  return `${cwd}\0${sessionId ?? ""}`
}

const STALE_MS_MAX = 3_000

const isRejected = <T>(result: PromiseSettledResult<T>): result is PromiseRejectedResult => result.status === "rejected"
