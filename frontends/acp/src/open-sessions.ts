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
import type { AcpOptions } from "./acp-options.ts"
import type { ClientFacts } from "./client-facts.ts"
import { commandsUpdate } from "./commands.ts"
import { clientPaths } from "./folder.ts"
import { otherFolder } from "./missing.ts"
import { configOptions, modeState } from "./options.ts"
import * as params from "./params.ts"
import { replay } from "./replay.ts"
import { type Json, RPC, type Rpc, type RpcCall, RpcError } from "./rpc.ts"
import { serverSpecs, withoutServers } from "./servers.ts"
import { AcpSession } from "./session.ts"
import { Updates } from "./updates.ts"
import { acpError } from "./words.ts"

export interface OpeningContext {
  readonly engine: Engine
  readonly rpc: Rpc
  readonly options: AcpOptions
  /** As the client said by now. */
  readonly facts: () => ClientFacts
}

const CLIENT: ClientId = "cli_acp"

/** What a session is opened with. */
type Opening = ReturnType<typeof params.NewParams>["_output"]

/** The sessions that a client has open, and the ways in which it comes to have one open: new, as they were, as a copy. */
export class OpenSessions {
  readonly #context: OpeningContext
  readonly #open = new Map<SessionId, AcpSession>()
  #models: Promise<readonly ModelInfo[]> | undefined

  constructor(context: OpeningContext) {
    this.#context = context
  }

  all(): readonly AcpSession[] {
    return [...this.#open.values()]
  }

  find(sessionId: string): AcpSession | undefined {
    return isId("ses", sessionId) ? this.#open.get(sessionId) : undefined
  }

  /** Throws RpcError where it is not open. */
  get(sessionId: string): AcpSession {
    const session = this.find(sessionId)
    if (session !== undefined) return session
    throw new RpcError(RPC.notFound, `The session ${sessionId} is not open: load or resume it first.`, { sessionId })
  }

  async letGo(sessionId: SessionId): Promise<void> {
    const session = this.#open.get(sessionId)
    this.#open.delete(sessionId)
    await session?.close()
  }

  async new({ params: given, afterwards }: RpcCall): Promise<Json> {
    const { engine, options } = this.#context
    const opening = params.read(params.NewParams, given)
    const { cwd } = opening
    const settings = { model: await options.startModel(cwd), extraRoots: this.#roots(opening) }
    const receipt = await engine.submit({ type: "session.create", cwd, settings, isInteractive: true })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
    const view = await engine.ask({ type: "session.read", sessionId: receipt.sessionId })
    const session = this.#follow(view, opening, await this.readModels())
    afterwards(await this.#welcome(session, view, opening))
    return { sessionId: view.sessionId, ...(await this.#state(view)) }
  }

  async load(call: RpcCall): Promise<Json> {
    const { session, view, state } = await this.#reopen(call)
    session.update(replay(view.items, this.#context.facts().notices.hasCompaction))
    return state
  }

  /** Only what is still open: a question about it comes with the next prompt. */
  async resume(call: RpcCall): Promise<Json> {
    const { session, view, state } = await this.#reopen(call)
    session.update(replay(openCalls(view), false))
    return state
  }

  /** A session of its own that begins with another's conversation as it stands, in the folder that was asked for. */
  async fork({ params: given, afterwards }: RpcCall): Promise<Json> {
    const { engine } = this.#context
    const opening = params.read(params.LoadParams, given)
    const source = await engine.ask({ type: "session.read", sessionId: sessionIdOf(opening.sessionId) })
    const folder = otherFolder(source.cwd, opening.cwd).length === 0 ? {} : { cwd: opening.cwd }
    const receipt = await engine.submit({ type: "session.fork", sessionId: source.sessionId, ...folder })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
    const { sessionId } = receipt
    await this.#giveRoots({ sessionId, settings: source.settings }, opening)
    const view = await engine.ask({ type: "session.read", sessionId })
    const session = this.#follow(view, opening, await this.readModels())
    afterwards(await this.#welcome(session, view, opening))
    return { sessionId, ...(await this.#state(view)) }
  }

  readModels(): Promise<readonly ModelInfo[]> {
    this.#models ??= this.#context.engine.ask({ type: "models.list" })
    return this.#models
  }

  async change(sessionId: SessionId, changes: SettingsChange): Promise<void> {
    if (Object.keys(changes).length === 0) return
    const receipt = await this.#context.engine.submit({ type: "settings.change", sessionId, changes })
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
  }

  async #reopen({ params: given, afterwards }: RpcCall) {
    const { engine } = this.#context
    const opening = params.read(params.LoadParams, given)
    const sessionId = sessionIdOf(opening.sessionId)
    const before = await engine.ask({ type: "session.read", sessionId })
    await this.#giveRoots(before, opening)
    const view = await engine.ask({ type: "session.read", sessionId })
    const models = await this.readModels()
    // Nothing is waited for from here on: of two requests for one session the second finds what the first opened.
    const known = this.#open.get(sessionId)
    const session = known === undefined || known.isOver ? this.#follow(view, opening, models) : known
    afterwards(await this.#welcome(session, view, opening))
    return { session, view, state: await this.#state(view) }
  }

  #follow(view: SessionView, { cwd, additionalDirectories }: Opening, models: readonly ModelInfo[]): AcpSession {
    const { engine, rpc, options } = this.#context
    const { settings } = view
    const facts = this.#context.facts()
    const named = clientPaths([cwd, ...additionalDirectories])
    const noticed = view.items.flatMap((item) => (item.kind === "notice" ? [item.text] : []))
    const shown = { cwd: named(view.cwd), openCalls: openCalls(view), noticed }
    const updates = new Updates({ facts, models, settings, ...shown })
    const { warn } = options
    const session = new AcpSession(view, { engine, rpc, clientId: CLIENT, updates, warn, facts, named })
    this.#open.set(view.sessionId, session)
    return session
  }

  /** What a client is told first of a session it opened. */
  async #welcome(session: AcpSession, view: SessionView, opening: Opening): Promise<() => void> {
    const { engine } = this.#context
    const { sessionId } = view
    const commands = commandsUpdate(await engine.ask({ type: "commands.list", sessionId }))
    const servers = serverSpecs(opening.mcpServers)
    const brought = await engine.submit({ type: "mcp.bring", sessionId, servers })
    const refusal = brought.status === "rejected" ? withoutServers(servers, brought.message) : []
    return () => {
      session.update([commands])
      this.#tellMissing(session, [...refusal, ...otherFolder(view.cwd, opening.cwd)])
    }
  }

  /** What was asked for and cannot be given is said, never passed over. */
  #tellMissing(session: AcpSession, texts: readonly string[]): void {
    const { notices } = this.#context.facts()
    for (const text of texts) {
      const updates = notices.told("warning", text)
      if (notices.shown("warning", text).length > 0) session.update(updates)
      else session.updateWithPrompt(updates)
    }
  }

  async #state(view: SessionView): Promise<Json> {
    const models = await this.readModels()
    return { modes: modeState(view.settings), configOptions: configOptions(view.settings, models) }
  }

  #roots({ additionalDirectories }: Opening): string[] {
    return [...new Set([...(this.#context.options.extraRoots ?? []), ...additionalDirectories])]
  }

  async #giveRoots(given: Pick<SessionView, "sessionId" | "settings">, opening: Opening): Promise<void> {
    const extraRoots = this.#roots(opening)
    if (given.settings.extraRoots.join("\n") === extraRoots.join("\n")) return
    await this.change(given.sessionId, { extraRoots })
  }
}

/** Throws RpcError for what is no id of a session. */
export function sessionIdOf(text: string): SessionId {
  if (isId("ses", text)) return text
  throw new RpcError(RPC.notFound, `There is no session ${text}.`, { sessionId: text })
}

function openCalls({ items }: SessionView): readonly ToolCall[] {
  return items.filter((item) => item.kind === "tool_call").filter(({ result }) => result === undefined)
}
