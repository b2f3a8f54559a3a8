import type { DurableDraft, LiveDraft, Op, Receipt, SessionId, SubagentReport } from "@skein/protocol"
import { SkeinError } from "@skein/protocol"
import { byPerson } from "../calls/interruption.ts"
import { type AgentReport, type AgentResult, type Spawned, type SpawnRequest, ToolFailure } from "../ports/index.ts"
import type { EnginePorts } from "../session/ports.ts"
import type { SessionState } from "../transcript/state.ts"
import { isApartFrom } from "./apart.ts"
import { childBeginning, failureOf } from "./begin.ts"
import { endOf } from "./ended.ts"
import { beat } from "./heartbeat.ts"
import type { Child, Family, Owner } from "./kin.ts"
import { leftOpen } from "./left-open.ts"
import { Places } from "./places.ts"
import { reportsOf, statusesOf } from "./reports.ts"
import { type Run, RunningChild } from "./running-child.ts"

export interface ChildrenParts {
  readonly state: SessionState
  readonly ports: EnginePorts
  readonly family: Family
  emit(drafts: readonly DurableDraft[], options?: { readonly flush?: boolean }): Promise<void>
  tell(draft: LiveDraft): void
  /** What waits for a person here has changed. */
  onAsking(): void
}

/** The children of one session: who works, who waits for a place, and how each ends. */
export class Children {
  readonly #parts: ChildrenParts
  /** Of this process, oldest first: those that ended too. */
  readonly #known = new Map<SessionId, RunningChild>()
  readonly #results = new Map<SessionId, AgentResult>()
  readonly #places: Places
  readonly #lettingGo = new Set<Promise<void>>()
  /** Open here since they were begun. */
  readonly #open = new Set<SessionId>()
  #beating: Promise<void> | undefined
  #isEnded = false

  constructor(parts: ChildrenParts) {
    this.#parts = parts
    this.#places = new Places(() => this.#placed().length < parts.ports.agents.runningMax)
  }

  /** See `AgentsPort.spawn`. */
  async spawn(request: SpawnRequest, owner: Owner, taint: readonly string[]): Promise<Spawned> {
    const { state, ports, family } = this.#parts
    const sessionId = ports.random.id("ses")
    const beginning = await childBeginning(state, sessionId, request, owner, ports)
    const { agent, description, isBackground = false } = request
    const { timeoutMs = ports.agents.timeoutMs } = agent
    const run = { sessionId, agent: agent.name, description, isBackground, owner, timeoutMs }
    return this.#run(run, request.prompt, taint, () => family.begin(beginning))
  }

  /** See `AgentsPort.say`. */
  async say(childSessionId: SessionId, text: string, owner: Owner, taint: readonly string[]): Promise<Spawned> {
    const { state, ports, family } = this.#parts
    const known = this.#known.get(childSessionId)
    if (known !== undefined && known.status !== "ended") {
      if (known.child === undefined) throw new ToolFailure(`${known.run.agent} still waits for its turn to begin.`)
      await known.child.hear(text, taint).catch((error: unknown) => Promise.reject(failureOf(error)))
      return spawned(known)
    }
    const record = state.children.get(childSessionId)
    if (record === undefined) throw new ToolFailure(`${childSessionId} is no sub-agent of this session.`)
    const { agent, description, isBackground } = record
    const { timeoutMs } = ports.agents
    const run = { sessionId: childSessionId, agent, description, isBackground, owner, timeoutMs }
    return this.#run(run, text, taint, async () => {
      const child = await family.open(childSessionId)
      await child.narrow()
      return child
    })
  }

  /** Interrupts one; undefined where it does not run. */
  stop(childSessionId: SessionId, why: string | SkeinError = byPerson()): Promise<AgentResult> | undefined {
    const known = this.#known.get(childSessionId)
    return known === undefined || known.status === "ended" ? undefined : known.stop(why)
  }

  /** See `AgentsPort.running`. */
  running(childSessionId: SessionId): Spawned | undefined {
    const known = this.#known.get(childSessionId)
    return known === undefined || known.status === "ended" ? undefined : spawned(known)
  }

  list(): readonly AgentReport[] {
    return reportsOf(this.#parts.state, this.#known, this.#results)
  }

  statuses(): readonly SubagentReport[] {
    return statusesOf(this.#parts.state, this.#known)
  }

  /** The receipt of an answer to something that a child asked; undefined where no child did. */
  answer(op: Op<"approval.answer">): Promise<Receipt> | undefined {
    for (const child of this.#known.values()) {
      const receipt = child.answer(op)
      if (receipt !== undefined) return receipt
    }
    return undefined
  }

  get isAsking(): boolean {
    return this.#running().some((child) => child.isAsking)
  }

  /** What those that run have spent and no end says yet: of the whole session, or of the turn that waits for them. */
  spentNow(only?: "foreground"): { readonly tokens: number; readonly microUsd: number } {
    const meant = this.#running().filter(({ run }) => only === undefined || !run.isBackground)
    return {
      tokens: meant.reduce((sum, { tally }) => sum + tally.tokens, 0),
      microUsd: meant.reduce((sum, { tally }) => sum + tally.microUsd, 0),
    }
  }

  /** What it read that nobody may be steered by; undefined for one of another process. */
  taintOf(childSessionId: SessionId): readonly string[] | undefined {
    return this.#known.get(childSessionId)?.tally.taint
  }

  isForeground(childSessionId: SessionId): boolean {
    return this.#known.get(childSessionId)?.run.isBackground === false
  }

  /** Of those that run. */
  async each(work: (child: Child) => Promise<void>): Promise<void> {
    await Promise.all(this.#running().flatMap(({ child }) => (child === undefined ? [] : [work(child)])))
  }

  /** Goes on with those that a crash left waiting for a person, now that somebody is there to answer. */
  async resume(): Promise<void> {
    const { state, ports, family } = this.#parts
    for (const { sessionId, agent, description, ended } of state.children.values()) {
      if (ended !== undefined || this.#known.has(sessionId)) continue
      const { timeoutMs } = ports.agents
      const run = { sessionId, agent, description, isBackground: true, owner: {}, timeoutMs }
      const running = this.#added(run)
      try {
        const child = await family.open(sessionId)
        await child.narrow()
        this.#open.add(sessionId)
        running.isAnnounced = true
        running.begin(child)
        child.resume()
      } catch (error) {
        await running.end(failed(error))
      }
    }
  }

  /** Writes the ends of those that the last process left open, as their own logs say. */
  async recover(): Promise<void> {
    await this.#parts.emit(await leftOpen(this.#parts.state, this.#parts.ports), { flush: true })
  }

  /** Stops all, closes them, and lets none begin any more. */
  async end(why: SkeinError): Promise<void> {
    this.#isEnded = true
    await Promise.all(this.#running().map((child) => child.stop(why)))
    await Promise.all(this.#lettingGo)
    await Promise.all([...this.#open].map((sessionId) => this.#parts.family.letGo(sessionId)))
  }

  async #run(run: Run, text: string, taint: readonly string[], open: () => Promise<Child>): Promise<Spawned> {
    if (this.#isEnded) throw new ToolFailure("No sub-agent begins any more: the session is being closed.")
    const running = this.#added(run)
    await this.#places.wait(running)
    if (running.status === "ended") return spawned(running)
    running.isAnnounced = true
    const { owner, sessionId, agent, description, isBackground } = run
    const { callId } = owner
    try {
      await this.#parts.emit(
        [
          {
            ...{ type: "subagent.started", childSessionId: sessionId, agent, description },
            ...(callId === undefined ? {} : { callId }),
            ...(isBackground ? { isBackground } : {}),
          },
        ],
        { flush: true },
      )
      const child = await open()
      this.#open.add(sessionId)
      if (hasEnded(running)) {
        this.#letGo(sessionId)
        return spawned(running)
      }
      running.begin(child)
      const receipt = await child.hear(text, taint)
      if (receipt.status === "rejected") throw new SkeinError(receipt.code, receipt.message)
    } catch (error) {
      await running.end(failed(error))
      throw failureOf(error)
    }
    if (owner.signal?.aborted === true) void running.stop(reasonOf(owner.signal))
    return spawned(running)
  }

  #added(run: Run): RunningChild {
    const { ports, tell } = this.#parts
    const child = new RunningChild(run, {
      clock: ports.clock,
      tell,
      record: (drafts) => this.#record(drafts),
      ended: (ended, result) => this.#ended(ended, result),
    })
    this.#known.delete(run.sessionId)
    this.#known.set(run.sessionId, child)
    const { signal } = run.owner
    const stop = () => {
      if (signal !== undefined && !run.isBackground) void child.stop(reasonOf(signal))
    }
    if (signal?.aborted === true) stop()
    else signal?.addEventListener("abort", stop, { once: true })
    void child.done.then(() => signal?.removeEventListener("abort", stop))
    this.#beating ??= beat(() => this.#running(), ports).finally(() => {
      this.#beating = undefined
    })
    return child
  }

  async #ended(child: RunningChild, result: AgentResult): Promise<void> {
    const { run, tally } = child
    this.#results.set(run.sessionId, result)
    if (!this.#places.leave(child) && child.isAnnounced) {
      const workspace = child.child?.state.created.workspace
      const isApart = workspace !== undefined && isApartFrom(this.#parts.state, workspace)
      await this.#written(endOf(run, tally, { ...result, isApart }))
      this.#letGo(run.sessionId)
    }
    this.#places.fill()
  }

  async #written(drafts: readonly DurableDraft[]): Promise<void> {
    try {
      await this.#parts.emit(drafts, { flush: true })
    } catch (error) {
      this.#parts.ports.onDefect(error)
    }
  }

  /** What a child asks and is answered, in the order it was. */
  #record(drafts: readonly DurableDraft[]): void {
    if (drafts.length === 0) return
    this.#parts.emit(drafts, { flush: true }).catch(this.#parts.ports.onDefect)
    this.#parts.onAsking()
  }

  /** Not waited for: whoever reads it, or a turn that does not let go, keeps nobody. */
  #letGo(sessionId: SessionId): void {
    const { family, ports } = this.#parts
    const gone = family.letGo(sessionId).catch(ports.onDefect)
    this.#lettingGo.add(gone)
    void gone.finally(() => this.#lettingGo.delete(gone))
  }

  #running(): RunningChild[] {
    return [...this.#known.values()].filter(({ status }) => status !== "ended")
  }

  #placed(): RunningChild[] {
    return this.#running().filter(({ status }) => status !== "queued")
  }
}

function spawned(child: RunningChild): Spawned {
  return { sessionId: child.run.sessionId, done: child.done, stop: (reason) => child.stop(reason) }
}

/** It may have been stopped while something was waited for. */
function hasEnded({ status }: RunningChild): boolean {
  return status === "ended"
}

function reasonOf({ reason }: AbortSignal): SkeinError {
  return reason instanceof SkeinError ? reason : byPerson()
}

function failed(error: unknown) {
  const code = error instanceof SkeinError ? error.code : "internal.defect"
  return { kind: "failed", code, message: error instanceof Error ? error.message : String(error) } as const
}
