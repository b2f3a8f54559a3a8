import { type CallId, type Op, type Receipt, type SessionId, SkeinError, type SubagentReport } from "@skein/protocol"
import type { CallAgents } from "../agents/call-agents.ts"
import type { Children } from "../agents/children.ts"
import type { Child, Family, Owner } from "../agents/kin.ts"
import { reportsOf, statusesOf } from "../agents/reports.ts"
import type { AgentResult, Spawned, SpawnRequest } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
  readonly family: Family
  /** What waits for a person here has changed. */
  onAsking(): void
}

const NOTHING = { tokens: 0, microUsd: 0 }

/** A session's children, as the session has them: what most never need is loaded when the first is begun. */
export class Offspring {
  readonly #parts: Parts
  #children: Children | undefined
  #loading: Promise<Children> | undefined
  #isEnded = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What one call of the session has: whatever it begins and does not leave in the background ends with it. */
  ofCall(callId: CallId, signal: AbortSignal): CallAgents {
    const { state } = this.#parts
    const over = new AbortController()
    const follow = () => over.abort(signal.reason)
    if (signal.aborted) follow()
    else signal.addEventListener("abort", follow, { once: true })
    const owner = { callId, signal: over.signal }
    const begun = new Set<SessionId>()
    const noted = async (spawning: Promise<Spawned>) => {
      const spawned = await spawning
      begun.add(spawned.sessionId)
      return spawned
    }
    // What the turn has read may be why it says this.
    const taint = () => (state.turn?.taint ?? []).map(({ source }) => source)
    return {
      port: {
        spawn: (request) => noted(this.spawn(request, owner, taint())),
        say: (childSessionId, text) => noted(this.say(childSessionId, text, owner, taint())),
        running: (childSessionId) => this.#children?.running(childSessionId),
        list: () => {
          const all = this.#children?.list() ?? reportsOf(state)
          // What they said is read with it.
          for (const { sessionId } of all) begun.add(sessionId)
          return all
        },
      },
      taint: () => (begun.size === 0 ? undefined : this.#taintOf(begun)),
      over: () => {
        signal.removeEventListener("abort", follow)
        over.abort(new SkeinError("agent.stopped", "Stopped: the call that began it is over."))
      },
    }
  }

  async spawn(request: SpawnRequest, owner: Owner, taint: readonly string[]): Promise<Spawned> {
    return (await this.#loaded()).spawn(request, owner, taint)
  }

  async say(childSessionId: SessionId, text: string, owner: Owner, taint: readonly string[]): Promise<Spawned> {
    return (await this.#loaded()).say(childSessionId, text, owner, taint)
  }

  /** Interrupts one; undefined where it does not run. */
  stop(childSessionId: SessionId): Promise<AgentResult> | undefined {
    return this.#children?.stop(childSessionId)
  }

  /** See `People.answer`: an answer to something that a child asked; undefined where none did. */
  answer(op: Op<"approval.answer">): Promise<Receipt> | undefined {
    return this.#children?.answer(op)
  }

  statuses(): readonly SubagentReport[] {
    return this.#children?.statuses() ?? statusesOf(this.#parts.state)
  }

  get isAsking(): boolean {
    return this.#children?.isAsking === true
  }

  /** See `Children.spentNow`. */
  spentNow(only?: "foreground"): { readonly tokens: number; readonly microUsd: number } {
    return this.#children?.spentNow(only) ?? NOTHING
  }

  isForeground(childSessionId: SessionId): boolean {
    return this.#children?.isForeground(childSessionId) === true
  }

  /** Of those that run. */
  async each(work: (child: Child) => Promise<void>): Promise<void> {
    await this.#children?.each(work)
  }

  /** Puts right what the last process left open. */
  async recover(): Promise<void> {
    if (this.#isLeft()) await (await this.#loaded()).recover()
  }

  /** Somebody is there to answer what children asked when the last process ended. */
  async resume(): Promise<void> {
    if (this.#isLeft()) await (await this.#loaded()).resume()
  }

  /** Stops all, and lets none begin any more. */
  async end(why: SkeinError): Promise<void> {
    this.#isEnded = true
    await (await this.#loading)?.end(why)
  }

  #isLeft(): boolean {
    return [...this.#parts.state.children.values()].some(({ ended }) => ended === undefined)
  }

  #taintOf(begun: ReadonlySet<SessionId>): readonly string[] {
    const { children } = this.#parts.state
    const recorded = (sessionId: SessionId) => children.get(sessionId)?.ended?.taint ?? []
    const all = [...begun].flatMap((sessionId) => this.#children?.taintOf(sessionId) ?? recorded(sessionId))
    return [...new Set(all)]
  }

  #loaded(): Promise<Children> {
    if (this.#isEnded && this.#loading === undefined) {
      return Promise.reject(new SkeinError("session.closed", "The session is being closed."))
    }
    this.#loading ??= this.#load()
    return this.#loading
  }

  async #load(): Promise<Children> {
    const { state, writer, ports, family, onAsking } = this.#parts
    const { Children } = await import("../agents/children.ts")
    const emit = async (...given: Parameters<SessionWriter["emit"]>) => void (await writer.emit(...given))
    const children = new Children({ state, ports, family, onAsking, emit, tell: (draft) => writer.tell(draft) })
    this.#children = children
    // What this session may no longer do, none of its children may.
    writer.hub.watch({
      onEvent: (event) => {
        if (event.type === "settings.changed") children.each((child) => child.narrow()).catch(ports.onDefect)
      },
      onEnd: () => undefined,
    })
    return children
  }
}
