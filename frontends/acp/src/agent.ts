import { type Engine, isId, type SessionId } from "@skein/protocol"
import type { AcpOptions } from "./acp-options.ts"
import { type ClientFacts, factsOf, NO_FACTS } from "./client-facts.ts"
import { readPrompt } from "./content.ts"
import { archiveSession, deleteSession, type KeptSessions, nameSession } from "./kept.ts"
import { listSessions } from "./list.ts"
import { authMethods, refuseLogin } from "./logins.ts"
import { OpenSessions, sessionIdOf } from "./open-sessions.ts"
import { chosen, configOptions } from "./options.ts"
import * as params from "./params.ts"
import { type Json, RPC, Rpc, type RpcCall, RpcError } from "./rpc.ts"
import { ACP_MODES, ACP_VERSION, errorOf } from "./words.ts"

/** The last three are of the protocol's unstable part: a client that does not know them asks for none. */
const SESSIONS: Json = {
  ...{ list: {}, resume: {}, close: {}, delete: {}, additionalDirectories: {} },
  ...{ fork: {}, archive: {}, title: {} },
}

/** The agent's side of one connection: its methods. */
export class AcpAgent {
  readonly #engine: Engine
  readonly #options: AcpOptions
  readonly #rpc: Rpc
  readonly #sessions: OpenSessions
  #facts: ClientFacts = NO_FACTS

  constructor(engine: Engine, write: (line: string) => void, options: AcpOptions) {
    this.#engine = engine
    this.#options = options
    const requests = this.#requests()
    const notifications = { "session/cancel": (given: unknown) => this.#cancel(given) }
    this.#rpc = new Rpc({ write, warn: options.warn, errorOf, requests, notifications })
    this.#sessions = new OpenSessions({ engine, rpc: this.#rpc, options, facts: () => this.#facts })
  }

  take(line: string): void {
    this.#rpc.take(line)
  }

  /** Stops and settles everything, and answers what is still open. */
  async end(): Promise<void> {
    const sessions = this.#sessions.all()
    for (const session of sessions) session.cancel()
    await this.#rpc.settled()
    await Promise.all(this.#sessions.all().map((session) => session.close()))
  }

  #requests(): Record<string, (call: RpcCall) => Promise<Json>> {
    const kept: KeptSessions = {
      engine: this.#engine,
      isOpen: (sessionId) => this.#sessions.find(sessionId) !== undefined,
      letGo: (sessionId) => this.#sessions.letGo(sessionId),
    }
    return {
      initialize: (call) => this.#initialize(call),
      authenticate: (call) => this.#authenticate(call),
      "session/new": (call) => this.#sessions.new(call),
      "session/load": (call) => this.#sessions.load(call),
      "session/resume": (call) => this.#sessions.resume(call),
      "session/fork": (call) => this.#sessions.fork(call),
      "session/delete": (call) => deleteSession(named(call), kept),
      "session/archive": (call) => archiveSession(named(call), true, kept),
      "session/unarchive": (call) => archiveSession(named(call), false, kept),
      "session/set_title": (call) => nameSession(named(call), params.read(params.TitleParams, call.params).title, kept),
      "session/list": (call) => listSessions(this.#engine, params.read(params.ListParams, call.params)),
      "session/close": (call) => this.#close(call),
      "session/set_mode": (call) => this.#setMode(call),
      "session/set_config_option": (call) => this.#setOption(call),
      "session/prompt": (call) => this.#prompt(call),
    }
  }

  async #initialize({ params: given }: RpcCall): Promise<Json> {
    this.#facts = factsOf(params.read(params.InitializeParams, given).clientCapabilities)
    return {
      protocolVersion: ACP_VERSION,
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: true, audio: false, embeddedContext: true },
        mcpCapabilities: { http: true, sse: true },
        sessionCapabilities: SESSIONS,
      },
      agentInfo: { name: "skein", title: "skein", version: this.#options.version },
      authMethods: authMethods(this.#facts, this.#options),
    }
  }

  async #authenticate({ params: given }: RpcCall): Promise<Json> {
    const { methodId } = params.read(params.AuthenticateParams, given)
    return refuseLogin(methodId)
  }

  async #close({ params: given }: RpcCall): Promise<Json> {
    const { sessionId } = params.read(params.SessionParams, given)
    this.#sessions.get(sessionId)
    await this.#sessions.letGo(sessionIdOf(sessionId))
    return {}
  }

  async #setMode({ params: given }: RpcCall): Promise<Json> {
    const { sessionId, modeId } = params.read(params.ModeParams, given)
    this.#sessions.get(sessionId)
    const mode = ACP_MODES.find(({ id }) => id === modeId)?.id
    if (mode === undefined) {
      const known = ACP_MODES.map(({ id }) => id).join(", ")
      throw new RpcError(RPC.invalidParams, `There is no mode ${modeId}. The modes are ${known}.`)
    }
    await this.#sessions.change(sessionIdOf(sessionId), { mode })
    return {}
  }

  async #setOption({ params: given }: RpcCall): Promise<Json> {
    const { sessionId, configId, value } = params.read(params.ConfigParams, given)
    this.#sessions.get(sessionId)
    await this.#sessions.change(sessionIdOf(sessionId), chosen(configId, value))
    const view = await this.#engine.ask({ type: "session.read", sessionId: sessionIdOf(sessionId) })
    return { configOptions: configOptions(view.settings, await this.#sessions.readModels()) }
  }

  async #prompt({ params: given, signal }: RpcCall): Promise<Json> {
    const { sessionId, prompt } = params.read(params.PromptParams, given)
    return { stopReason: await this.#sessions.get(sessionId).prompt(readPrompt(prompt), signal) }
  }

  #cancel(given: unknown): void {
    const { sessionId } = params.read(params.SessionParams, given)
    if (isId("ses", sessionId)) this.#sessions.find(sessionId)?.cancel()
  }
}

/** The session that a request is about. */
function named({ params: given }: RpcCall): SessionId {
  return sessionIdOf(params.read(params.SessionParams, given).sessionId)
}
