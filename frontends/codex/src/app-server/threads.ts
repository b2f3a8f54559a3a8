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
import { EPHEMERAL, isEphemeral, isLeftOver } from "./ephemeral.ts"
import { LiveThread } from "./live-thread.ts"
import { type Peer, RpcError } from "./peer.ts"
import { threadOf, updatedAtOf } from "./thread-view.ts"

interface Facts {
  readonly engine: Engine
  readonly peer: Peer
  readonly clientId: ClientId
  readonly version: string
  readonly warn: (text: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
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

  /** A key came or went: which models can be asked is looked up anew. */
  forgetModels(): void {
    this.#models = undefined
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
    const { engine, peer, clientId, warn, now } = this.#facts
    const models = await this.models()
    const model = models.find(({ provider, id }) => `${provider}/${id}` === view.settings.model)
    const thread = new LiveThread({
      ...{ engine, peer, clientId, view, warn, now },
      contextTokens: model?.contextTokens,
      onClosed: () => {
        this.#live.delete(view.sessionId)
        peer.notify("thread/closed", { threadId: threadIdOf(view.sessionId) })
      },
    })
    this.#live.set(view.sessionId, thread)
    return thread
  }

  isOpen(threadId: string): boolean {
    return this.#live.has(sessionIdOf(threadId))
  }

  /** Does a thing of which an open thread tells, and holds that back until the request is answered. */
  async holding<T>(
    threadId: string,
    work: () => Promise<T>,
  ): Promise<{ readonly done: T; readonly after: () => void }> {
    const after = this.#live.get(sessionIdOf(threadId))?.hold() ?? (() => {})
    try {
      return { done: await work(), after }
    } catch (error) {
      after()
      throw error
    }
  }

  async leave(threadId: string): Promise<boolean> {
    const thread = this.#live.get(sessionIdOf(threadId))
    this.#live.delete(sessionIdOf(threadId))
    if (thread !== undefined) await this.#left(thread)
    return thread !== undefined
  }

  /** Removes what clients left of threads that were to go with them, where nobody has it open. */
  async forgetLeftOver(): Promise<void> {
    const { engine } = this.#facts
    const all = { includesNonInteractive: true, includesArchived: true, label: EPHEMERAL } as const
    const sessions = await engine.ask({ type: "sessions.list", ...all })
    const gone = sessions.filter(isLeftOver)
    // Refused for one that is open elsewhere, which goes with its own client.
    await Promise.all(gone.map(({ sessionId }) => engine.submit({ type: "session.delete", sessionId })))
  }

  async #left(thread: LiveThread): Promise<void> {
    const { engine, warn } = this.#facts
    const isGone = isEphemeral(await thread.read())
    await thread.leave()
    if (!isGone) return
    const receipt = await engine.submit({ type: "session.delete", sessionId: thread.sessionId })
    if (receipt.status === "rejected")
      warn(`A thread that was to go with its client is still there: ${receipt.message}`)
  }

  /** A session, open or not. Throws RpcError in Codex's words for one that is not there. */
  async read(threadId: string, absence = "no rollout found for thread id"): Promise<SessionView> {
    const sessionId = sessionIdOf(threadId)
    const missing = new RpcError(`${absence} ${threadId}`)
    if (!isId("ses", sessionId)) throw missing
    try {
      return await this.#facts.engine.ask({ type: "session.read", sessionId })
    } catch (error) {
      if (error instanceof SkeinError && error.code === "session.not_found") throw missing
      throw error
    }
  }

  /** Sub-agents only when they are asked for. */
  async list(cwd: string | undefined, includesSubagents = false): Promise<readonly SessionSummary[]> {
    const all = { includesNonInteractive: true, includesArchived: true, includesSubagents }
    return this.#facts.engine.ask({ type: "sessions.list", ...all, ...(cwd === undefined ? {} : { cwd }) })
  }

  /** The thread object of a session. */
  async describe(view: SessionView, hasTurns: boolean, summary?: SessionSummary): Promise<Json> {
    const known = summary ?? (await this.list(view.cwd, true)).find(({ sessionId }) => sessionId === view.sessionId)
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
    await Promise.all([...this.#live.values()].map((thread) => this.#left(thread)))
    this.#live.clear()
  }
}
