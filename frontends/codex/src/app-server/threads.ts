import {
  type ClientId,
  type Engine,
  isId,
  type ModelInfo,
  type SessionId,
  type SessionSummary,
  type SessionView,
  SkeinError,
} from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { sessionIdOf, threadIdOf } from "../words.ts"
import { LiveThread } from "./live-thread.ts"
import { type Peer, RpcError } from "./peer.ts"
import { threadOf, updatedAtOf } from "./thread-view.ts"

interface Facts {
  readonly engine: Engine
  readonly peer: Peer
  readonly clientId: ClientId
  readonly version: string
  readonly warn: (text: string) => void
}

/** The threads a client can name, and those of them that it has open. */
export class Threads {
  readonly #facts: Facts
  readonly #live = new Map<SessionId, LiveThread>()
  #models: Promise<readonly ModelInfo[]> | undefined

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** Of the threads that are open. */
  get ids(): readonly string[] {
    return [...this.#live.keys()].map(threadIdOf)
  }

  models(): Promise<readonly ModelInfo[]> {
    this.#models ??= this.#facts.engine.ask({ type: "models.list" })
    return this.#models
  }

  /** An open thread. Throws RpcError for any other. */
  live(threadId: string): LiveThread {
    const thread = this.#live.get(sessionIdOf(threadId))
    if (thread === undefined) throw new RpcError(`thread not found: ${threadId}`)
    return thread
  }

  /** Opens a thread, once. */
  async open(view: SessionView): Promise<LiveThread> {
    const known = this.#live.get(view.sessionId)
    if (known !== undefined) return known
    const { engine, peer, clientId, warn } = this.#facts
    const models = await this.models()
    const model = models.find(({ provider, id }) => `${provider}/${id}` === view.settings.model)
    const thread = new LiveThread({
      ...{ engine, peer, clientId, view, warn },
      contextTokens: model?.contextTokens,
      onClosed: () => {
        this.#live.delete(view.sessionId)
        peer.notify("thread/closed", { threadId: threadIdOf(view.sessionId) })
      },
    })
    this.#live.set(view.sessionId, thread)
    return thread
  }

  async leave(threadId: string): Promise<boolean> {
    const thread = this.#live.get(sessionIdOf(threadId))
    this.#live.delete(sessionIdOf(threadId))
    await thread?.leave()
    return thread !== undefined
  }

  /** A session, open or not. Throws RpcError in Codex's words for one that is not there. */
  async read(threadId: string): Promise<SessionView> {
    const sessionId = sessionIdOf(threadId)
    const missing = new RpcError(`no rollout found for thread id ${threadId}`)
    if (!isId("ses", sessionId)) throw missing
    try {
      return await this.#facts.engine.ask({ type: "session.read", sessionId })
    } catch (error) {
      if (error instanceof SkeinError && error.code === "session.not_found") throw missing
      throw error
    }
  }

  async list(cwd: string | undefined): Promise<readonly SessionSummary[]> {
    return this.#facts.engine.ask({
      type: "sessions.list",
      includesNonInteractive: true,
      includesArchived: true,
      ...(cwd === undefined ? {} : { cwd }),
    })
  }

  /** The thread object of a session. */
  async describe(view: SessionView, hasTurns: boolean, summary?: SessionSummary): Promise<Json> {
    const known = summary ?? (await this.list(view.cwd)).find(({ sessionId }) => sessionId === view.sessionId)
    return threadOf(view, {
      cliVersion: this.#facts.version,
      updatedAt: updatedAtOf(known, view),
      isInteractive: known?.isInteractive ?? true,
      parent: known?.parent,
      status: this.#live.get(view.sessionId)?.status ?? { type: "notLoaded" },
      hasTurns,
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map((thread) => thread.leave()))
    this.#live.clear()
  }
}
