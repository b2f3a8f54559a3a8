import {
  type ClientId,
  type Engine,
  isId,
  type ModelInfo,
  type SessionId,
  type SessionView,
  type SettingsChange,
  type ToolCall,
} from "@skein/protocol"
import { commandsUpdate } from "./commands.ts"
import { readPrompt } from "./content.ts"
import { archiveSession, deleteSession, type KeptSessions, nameSession } from "./kept.ts"
import { listSessions } from "./list.ts"
import { otherFolder } from "./missing.ts"
import { type Notices, notices } from "./notes.ts"
import { chosen, configOptions, modeState } from "./options.ts"
import * as params from "./params.ts"
import { replay } from "./replay.ts"
import { type Json, RPC, Rpc, type RpcCall, RpcError } from "./rpc.ts"
import { serverSpecs, withoutServers } from "./servers.ts"
import { AcpSession } from "./session.ts"
import { Updates } from "./updates.ts"
import { ACP_MODES, ACP_VERSION, acpError, errorOf } from "./words.ts"

export interface AcpOptions {
  readonly version: string
  /** The model of a new session in this folder, `provider/model`. Throws SkeinError, saying what to do, when there is none to ask. */
  readonly startModel: (cwd: string) => Promise<string>
  /** Folders that every session may work in beside its own and those its client names. Absolute. */
  readonly extraRoots?: readonly string[] | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}

const CLIENT: ClientId = "cli_acp"

/** The last three are of the protocol's unstable part: a client that does not know them asks for none. */
const SESSIONS: Json = {
  ...{ list: {}, resume: {}, close: {}, delete: {}, additionalDirectories: {} },
  ...{ fork: {}, archive: {}, title: {} },
}

/** What a session is opened with. */
type Opening = ReturnType<typeof params.NewParams>["_output"]

/** The agent's side of one connection: its methods, and the sessions that are open. */
export class AcpAgent {
  readonly #engine: Engine
  readonly #options: AcpOptions
  readonly #rpc: Rpc
  readonly #open = new Map<SessionId, AcpSession>()
  readonly #kept: KeptSessions
  #hasForms = false
  #notices: Notices = notices({ hasNotices: false, hasCompaction: false })
  #models: Promise<readonly ModelInfo[]> | undefined

  constructor(engine: Engine, write: (line: string) => void, options: AcpOptions) {
    this.#engine = engine
    this.#options = options
    this.#kept = {
      engine,
      isOpen: (sessionId) => this.#open.has(sessionId),
      letGo: (sessionId) => this.#letGo(sessionId),
    }
    this.#rpc = new Rpc({
      write,
      warn: options.warn,
      errorOf,
      requests: {
        initialize: (call) => this.#initialize(call),
        authenticate: (call) => this.#authenticate(call),
        "session/new": (call) => this.#new(call),
        "session/load": (call) => this.#load(call),
        "session/resume": (call) => this.#resume(call),
        "session/fork": (call) => this.#fork(call),
        "session/delete": (call) => deleteSession(named(call), this.#kept),
        "session/archive": (call) => archiveSession(named(call), true, this.#kept),
        "session/unarchive": (call) => archiveSession(named(call), false, this.#kept),
        "session/set_title": (call) =>
          nameSession(named(call), params.read(params.TitleParams, call.params).title, this.#kept),
        "session/list": (call) => listSessions(engine, params.read(params.ListParams, call.params)),
        "session/close": (call) => this.#close(call),
        "session/set_mode": (call) => this.#setMode(call),
        "session/set_config_option": (call) => this.#setOption(call),
        "session/prompt": (call) => this.#prompt(call),
      },
      notifications: { "session/cancel": (given) => this.#cancel(given) },
    })
  }

  take(line: string): void {
    this.#rpc.take(line)
  }

  /** Stops and settles everything, and answers what is still open. */
  async end(): Promise<void> {
    for (const session of this.#open.values()) session.cancel()
    await this.#rpc.settled()
    await Promise.all([...this.#open.values()].map((session) => session.close()))
  }

  async #initialize({ params: given }: RpcCall): Promise<Json> {
    const { clientCapabilities } = params.read(params.InitializeParams, given)
    const session = clientCapabilities?.session
    this.#hasForms = clientCapabilities?.elicitation?.form != null
    this.#notices = notices({ hasNotices: session?.notices != null, hasCompaction: session?.compaction != null })
    return {
      protocolVersion: ACP_VERSION,
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: true, audio: false, embeddedContext: true },
        mcpCapabilities: { http: true, sse: true },
        sessionCapabilities: SESSIONS,
      },
      agentInfo: { name: "skein", title: "skein", version: this.#options.version },
      authMethods: [],
    }
  }

  async #authenticate({ params: given }: RpcCall): Promise<Json> {
    const { methodId } = params.read(params.AuthenticateParams, given)
    throw new RpcError(RPC.invalidParams, `There is no login ${methodId}: keys come from the environment or settings.`)
  }

  async #new({ params: given, afterwards }: RpcCall): Promise<Json> {
    const opening = params.read(params.NewParams, given)
    const { cwd } = opening
    const settings = { model: await this.#options.startModel(cwd), extraRoots: this.#roots(opening) }
    const receipt = await this.#engine.submit({ type: "session.create", cwd, settings, isInteractive: true })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
    const view = await this.#engine.ask({ type: "session.read", sessionId: receipt.sessionId })
    const session = await this.#follow(view)
    afterwards(await this.#welcome(session, view, opening))
    return { sessionId: view.sessionId, ...(await this.#state(view)) }
  }

  async #load(call: RpcCall): Promise<Json> {
    const { session, view, state } = await this.#reopen(call)
    session.update(replay(view.items, this.#notices.hasCompaction))
    return state
  }

  /** Only what is still open: a question about it comes with the next prompt. */
  async #resume(call: RpcCall): Promise<Json> {
    const { session, view, state } = await this.#reopen(call)
    session.update(replay(openCalls(view), false))
    return state
  }

  async #reopen({ params: given, afterwards }: RpcCall) {
    const opening = params.read(params.LoadParams, given)
    const sessionId = sessionIdOf(opening.sessionId)
    const before = await this.#engine.ask({ type: "session.read", sessionId })
    await this.#giveRoots(before, opening)
    const view = await this.#engine.ask({ type: "session.read", sessionId })
    const known = this.#open.get(sessionId)
    const session = known === undefined || known.isOver ? await this.#follow(view) : known
    afterwards(await this.#welcome(session, view, opening))
    return { session, view, state: await this.#state(view) }
  }

  /** A session of its own that begins with another's conversation as it stands, in the folder that was asked for. */
  async #fork({ params: given, afterwards }: RpcCall): Promise<Json> {
    const opening = params.read(params.LoadParams, given)
    const source = await this.#engine.ask({ type: "session.read", sessionId: sessionIdOf(opening.sessionId) })
    const folder = otherFolder(source.cwd, opening.cwd).length === 0 ? {} : { cwd: opening.cwd }
    const receipt = await this.#engine.submit({ type: "session.fork", sessionId: source.sessionId, ...folder })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
    const { sessionId } = receipt
    await this.#giveRoots({ sessionId, settings: source.settings }, opening)
    const view = await this.#engine.ask({ type: "session.read", sessionId })
    const session = await this.#follow(view)
    afterwards(await this.#welcome(session, view, opening))
    return { sessionId, ...(await this.#state(view)) }
  }

  async #close({ params: given }: RpcCall): Promise<Json> {
    const { sessionId } = params.read(params.SessionParams, given)
    this.#session(sessionId)
    await this.#letGo(sessionIdOf(sessionId))
    return {}
  }

  async #letGo(sessionId: SessionId): Promise<void> {
    const session = this.#open.get(sessionId)
    this.#open.delete(sessionId)
    await session?.close()
  }

  async #setMode({ params: given }: RpcCall): Promise<Json> {
    const { sessionId, modeId } = params.read(params.ModeParams, given)
    this.#session(sessionId)
    const mode = ACP_MODES.find(({ id }) => id === modeId)?.id
    if (mode === undefined) {
      const known = ACP_MODES.map(({ id }) => id).join(", ")
      throw new RpcError(RPC.invalidParams, `There is no mode ${modeId}. The modes are ${known}.`)
    }
    await this.#change(sessionIdOf(sessionId), { mode })
    return {}
  }

  async #setOption({ params: given }: RpcCall): Promise<Json> {
    const { sessionId, configId, value } = params.read(params.ConfigParams, given)
    this.#session(sessionId)
    await this.#change(sessionIdOf(sessionId), chosen(configId, value))
    const view = await this.#engine.ask({ type: "session.read", sessionId: sessionIdOf(sessionId) })
    return { configOptions: configOptions(view.settings, await this.#readModels()) }
  }

  async #prompt({ params: given, signal }: RpcCall): Promise<Json> {
    const { sessionId, prompt } = params.read(params.PromptParams, given)
    return { stopReason: await this.#session(sessionId).prompt(readPrompt(prompt), signal) }
  }

  #cancel(given: unknown): void {
    const { sessionId } = params.read(params.SessionParams, given)
    if (isId("ses", sessionId)) this.#open.get(sessionId)?.cancel()
  }

  async #follow(view: SessionView): Promise<AcpSession> {
    const { settings } = view
    const models = await this.#readModels()
    const updates = new Updates({ notices: this.#notices, models, settings, openCalls: openCalls(view) })
    const { warn } = this.#options
    const options = { updates, warn, hasForms: this.#hasForms }
    const session = new AcpSession(view, { engine: this.#engine, rpc: this.#rpc, clientId: CLIENT, ...options })
    this.#open.set(view.sessionId, session)
    return session
  }

  /** What a client is told first of a session it opened. */
  async #welcome(session: AcpSession, view: SessionView, opening: Opening): Promise<() => void> {
    const { sessionId } = view
    const commands = commandsUpdate(await this.#engine.ask({ type: "commands.list", sessionId }))
    const servers = serverSpecs(opening.mcpServers)
    const brought = await this.#engine.submit({ type: "mcp.bring", sessionId, servers })
    const refusal = brought.status === "rejected" ? withoutServers(servers, brought.message) : []
    return () => {
      session.update([commands])
      this.#tellMissing(session, view, opening, refusal)
    }
  }

  /** What was asked for and cannot be given is said, never passed over. */
  #tellMissing(session: AcpSession, view: SessionView, opening: Opening, refusal: readonly string[]): void {
    const texts = [...refusal, ...otherFolder(view.cwd, opening.cwd)]
    for (const text of texts) {
      const updates = this.#notices.told("warning", text)
      if (this.#notices.shown("warning", text).length > 0) session.update(updates)
      else session.updateWithPrompt(updates)
    }
  }

  async #state(view: SessionView): Promise<Json> {
    const models = await this.#readModels()
    return { modes: modeState(view.settings), configOptions: configOptions(view.settings, models) }
  }

  #readModels(): Promise<readonly ModelInfo[]> {
    this.#models ??= this.#engine.ask({ type: "models.list" })
    return this.#models
  }

  #roots({ additionalDirectories }: Opening): string[] {
    return [...new Set([...(this.#options.extraRoots ?? []), ...additionalDirectories])]
  }

  async #giveRoots(given: Pick<SessionView, "sessionId" | "settings">, opening: Opening): Promise<void> {
    const extraRoots = this.#roots(opening)
    if (given.settings.extraRoots.join("\n") === extraRoots.join("\n")) return
    await this.#change(given.sessionId, { extraRoots })
  }

  async #change(sessionId: SessionId, changes: SettingsChange): Promise<void> {
    if (Object.keys(changes).length === 0) return
    const receipt = await this.#engine.submit({ type: "settings.change", sessionId, changes })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
  }

  #session(sessionId: string): AcpSession {
    const session = isId("ses", sessionId) ? this.#open.get(sessionId) : undefined
    if (session !== undefined) return session
    throw new RpcError(RPC.notFound, `The session ${sessionId} is not open: load or resume it first.`, { sessionId })
  }
}

function sessionIdOf(text: string): SessionId {
  if (isId("ses", text)) return text
  throw new RpcError(RPC.notFound, `There is no session ${text}.`, { sessionId: text })
}

/** The session that a request is about. */
function named({ params: given }: RpcCall): SessionId {
  return sessionIdOf(params.read(params.SessionParams, given).sessionId)
}

function openCalls({ items }: SessionView): readonly ToolCall[] {
  return items.filter((item) => item.kind === "tool_call").filter(({ result }) => result === undefined)
}
