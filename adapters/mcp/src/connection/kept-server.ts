import { ToolFailure } from "@skein/core/ports"
import { startTimeoutMs } from "../process/launch.ts"
import { loadSdk } from "../wire/sdk.ts"
import { type Connection, connect, NotConnected } from "./connect.ts"
import { deadline } from "./deadline.ts"
import { keptList } from "./lists.ts"
import { liveServer } from "./live.ts"
import type { KeptServer, KeptStatus, LiveServer, ServerChange, ServerUser } from "./live-server.ts"
import { PROMPTS, RESOURCES, TOOLS } from "./offers.ts"
import type { KeepServer, KeptOptions } from "./options.ts"
import { serverUsers } from "./users.ts"
import type { Way } from "./ways.ts"

const ATTEMPTS_MAX = 5
const BACKOFF_MS = 1_000
const BACKOFF_MS_MAX = 32_000
const IDLE_MS = 600_000
const NOTES_MAX = 20

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly live: Promise<LiveServer>; readonly abort: AbortController }
  | { readonly kind: "connected"; readonly live: LiveServer; readonly connection: Connection }
  | { readonly kind: "reconnecting"; readonly why: string; readonly atMs: number }
  | { readonly kind: "login" | "failed"; readonly why: string }

/** See `KeptServer`. Loads the protocol's client when it is first used. */
export const keptServer: KeepServer = (spec, asked) => {
  const options = warningOnce(asked)
  const users = serverUsers()
  const offers = { tools: keptList(TOOLS), prompts: keptList(PROMPTS), resources: keptList(RESOURCES) }
  const watchers = new Set<(what: ServerChange) => void>()
  const notes = new Set<string>()
  let state: State = { kind: "idle" }
  let isClosed = false
  /** Begun without an answer since, one after the other. */
  let attempts = 0
  let waiting = 0
  let way: Way | undefined
  /** One that was is gone before another is begun. */
  let leaving: Promise<unknown> = Promise.resolve()
  let toldRoots = ""
  let idleTimer: Timer | undefined

  function enter(next: State): void {
    state = next
    clearTimeout(idleTimer)
    if (next.kind === "login" && options.auth !== undefined && "forget" in options.auth) options.auth.forget?.()
    if (next.kind === "connected") watchIdle()
    tell("status")
  }
  function tell(what: ServerChange): void {
    for (const watcher of watchers) watcher(what)
  }
  function watchIdle(): void {
    clearTimeout(idleTimer)
    idleTimer = setTimeout(
      () => (users.count === 0 ? void end({ kind: "idle" }) : watchIdle()),
      options.idleMs ?? IDLE_MS,
    )
    idleTimer.unref()
  }
  const roots = () => users.newest(() => true)?.roots ?? options.roots

  /** Ends what there is; when this resolves nothing of it is left. */
  function end(next: State): Promise<unknown> {
    const was = state
    enter(next)
    if (was.kind === "connecting") {
      was.abort.abort(new Error("It was ended."))
      leaving = Promise.allSettled([leaving, was.live])
    }
    if (was.kind === "connected") leaving = Promise.allSettled([leaving, was.connection.close()])
    return leaving
  }

  function begin(): Promise<LiveServer> {
    const abort = new AbortController()
    const live = begun(abort.signal)
    const connecting: State = { kind: "connecting", live, abort }
    enter(connecting)
    live.catch((error: unknown) => {
      if (state === connecting) enter(afterFailure(error))
    })
    return live

    async function begun(signal: AbortSignal): Promise<LiveServer> {
      await leaving
      const time = deadline(startTimeoutMs(spec), users)
      try {
        return await reached(AbortSignal.any([signal, time.signal]), () => state === connecting)
      } catch (error) {
        signal.throwIfAborted()
        if (!time.signal.aborted) throw error
        const why = `did not start within ${startTimeoutMs(spec) / 1000} s. A person can give it more time in its settings`
        throw new NotConnected({ kind: "gone", why: `${why}.` }, { cause: error })
      } finally {
        time.stop()
      }
    }
  }

  async function reached(signal: AbortSignal, isWanted: () => boolean): Promise<LiveServer> {
    const sdk = await loadSdk()
    const onChanged = (what: Exclude<ServerChange, "status">) => {
      offers[what].markStale()
      tell(what)
    }
    const found = await connect({ sdk, spec, options, users, known: way, roots, onChanged }, signal)
    const { connection } = found
    way = found.way
    const live = liveOf(connection)
    try {
      const isDrifted = await hasDrifted(live, signal)
      if (!isWanted()) throw new Error("It was ended.")
      toldRoots = roots().join("\0")
      enter({ kind: "connected", live, connection })
      if (isDrifted) tell("tools")
    } catch (error) {
      await connection.close()
      throw error
    }
    void connection.ended.then((why) => lost(connection, why))
    return live
  }

  /** Whether it tells of other tools than before it was begun anew. Who looks at them must not see those of before. */
  async function hasDrifted(live: LiveServer, signal: AbortSignal): Promise<boolean> {
    const before = offers.tools.known
    for (const list of Object.values(offers)) list.markStale()
    notes.clear()
    if (before === undefined) return false
    const aborted = Promise.withResolvers<never>()
    signal.addEventListener("abort", () => aborted.reject(signal.reason), { once: true })
    return (await Promise.race([live.tools(), aborted.promise])) !== before
  }

  function liveOf(connection: Connection): LiveServer {
    return liveServer({
      ...{ spec, connection, offers, users },
      note(sentence) {
        if (notes.size < NOTES_MAX) notes.add(sentence)
      },
      onAsking(user) {
        watchIdle()
        tellRoots(connection, user)
      },
      onAnswered() {
        if (isCurrent(connection)) attempts = 0
      },
      onLost: (why) => lost(connection, why),
      onLogin(why) {
        if (isCurrent(connection)) void end({ kind: "login", why: whyOf(why) })
      },
      again: use,
    })
  }

  function tellRoots({ client }: Connection, user: ServerUser): void {
    const now = user.roots.join("\0")
    if (now === toldRoots || client.getProtocolEra() !== "legacy") return
    toldRoots = now
    client.sendRootsListChanged().catch((error: unknown) => options.log("debug", String(error)))
  }

  function isCurrent(connection: Connection): boolean {
    return state.kind === "connected" && state.connection === connection
  }

  function lost(connection: Connection, why: string): void {
    if (isCurrent(connection)) void end(nextAfter(whyOf(why)))
  }

  function afterFailure(error: unknown): State {
    if (!(error instanceof NotConnected))
      return nextAfter(whyOf(error instanceof Error ? error.message : String(error)))
    if (error.kind === "login") return { kind: "login", why: whyOf(error.message) }
    if (error.kind === "impossible") return { kind: "failed", why: whyOf(`cannot be used. ${error.message}`) }
    return nextAfter(whyOf(error.message))
  }

  function nextAfter(why: string): State {
    attempts++
    if (attempts >= ATTEMPTS_MAX) return { kind: "failed", why: `${why} It was begun ${attempts} times in vain.` }
    return {
      kind: "reconnecting",
      why,
      atMs: options.now() + Math.min(BACKOFF_MS * 2 ** (attempts - 1), BACKOFF_MS_MAX),
    }
  }

  function whyOf(why: string): string {
    return why.startsWith("The ") ? why : `The MCP server ${spec.name} ${why}`
  }

  async function use(user: ServerUser): Promise<LiveServer> {
    user.signal.throwIfAborted()
    if (isClosed) throw new ToolFailure(`The MCP server ${spec.name} is not there any more.`)
    if (state.kind === "connected") {
      watchIdle()
      return state.live
    }
    if (state.kind === "failed" || (state.kind === "login" && options.auth === undefined)) throw unusable(state)
    const done = users.add(user)
    try {
      if (state.kind === "reconnecting") await rested(state.atMs, user.signal)
      return await waited(user.signal)
    } finally {
      done()
    }
  }

  async function rested(atMs: number, signal: AbortSignal): Promise<void> {
    const leftMs = atMs - options.now()
    if (leftMs > 0) await options.sleep(leftMs, signal)
  }

  /** Those who come meanwhile wait for the same one; when nobody waits any more it is given up. */
  async function waited(signal: AbortSignal): Promise<LiveServer> {
    if (isClosed) throw new ToolFailure(`The MCP server ${spec.name} is not there any more.`)
    if (state.kind === "connected") return state.live
    if (state.kind === "failed") throw unusable(state)
    const live = state.kind === "connecting" ? state.live : begin()
    waiting++
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(signal.reason)
    signal.addEventListener("abort", onAbort, { once: true })
    try {
      return await Promise.race([live, aborted.promise])
    } catch (error) {
      signal.throwIfAborted()
      const why = state.kind === "connecting" || !("why" in state) ? whyOf(messageOf(error)) : state.why
      throw state.kind === "login" ? unusable(state) : new ToolFailure(why, { cause: error })
    } finally {
      signal.removeEventListener("abort", onAbort)
      waiting--
      if (waiting === 0 && state.kind === "connecting" && state.live === live) void end({ kind: "idle" })
    }
  }

  function unusable({ kind, why }: { readonly kind: "login" | "failed"; readonly why: string }): ToolFailure {
    const cure = kind === "login" ? `log in: skein mcp login ${spec.name}` : "mend it and connect it again: /mcp"
    return new ToolFailure(`${why} A person can ${cure}.`)
  }

  const server: KeptServer = {
    spec,
    get status() {
      return statusOf(state, attempts, notes)
    },
    use,
    async disconnect() {
      attempts = 0
      await end({ kind: "idle" })
    },
    watch(onChanged) {
      watchers.add(onChanged)
      return () => void watchers.delete(onChanged)
    },
    async close() {
      isClosed = true
      await end({ kind: "idle" })
    },
  }
  return server
}

function statusOf(state: State, attempts: number, notes: ReadonlySet<string>): KeptStatus {
  switch (state.kind) {
    case "idle":
    case "connecting":
      return { kind: state.kind }
    case "connected": {
      const all = [...state.connection.notes(), ...notes]
      const { facts } = state.connection
      return { kind: "connected", facts, ...(all.length === 0 ? {} : { notes: all }) }
    }
    case "reconnecting":
      return { kind: "reconnecting", why: state.why, atMs: state.atMs, attempts }
    default:
      return { kind: state.kind, why: state.why }
  }
}

/** A server is begun more than once; what a person reads of it is said once. */
function warningOnce(options: KeptOptions): KeptOptions {
  const said = new Set<string>()
  return {
    ...options,
    warn(sentence) {
      if (said.has(sentence)) return
      said.add(sentence)
      options.warn(sentence)
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
