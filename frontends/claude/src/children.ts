import { type CallId, type Engine, type Event, type EventOf, type SessionId, SkeinError } from "@skein/protocol"
import { asList, asObject, given, type Json } from "@skein/protocol/json"
import type { HostCall } from "./host-call.ts"
import { type LineContext, Translator } from "./lines.ts"
import { claudeAgent, claudeSessionId } from "./words.ts"

type Started = EventOf<"subagent.started">
type Ended = EventOf<"subagent.ended">

export interface ChildrenContext extends LineContext {
  readonly engine: Engine
  /** What a child says and thinks is told too; else only its calls and their results. */
  readonly isTextForwarded: boolean
  readonly send: (line: Json) => void
  /** For stderr: a child whose log cannot be read. */
  readonly warn: (text: string) => void
}

/**
 * The work of one session's sub-agents, in the contract's words: their lines carry the id of the call that began them. What
 * a child did before it ended is told before its end is.
 */
export class Children {
  readonly #context: ChildrenContext
  /** The host's id of a call of this session. */
  readonly #toolUseId: (callId: CallId) => string | undefined
  readonly #known = new Map<SessionId, Child>()

  constructor(context: ChildrenContext, toolUseId: (callId: CallId) => string | undefined) {
    this.#context = context
    this.#toolUseId = toolUseId
  }

  /** A call of a child, or of a child of one, that has not settled. */
  call(callId: CallId): HostCall | undefined {
    for (const child of this.#known.values()) {
      const call = child.call(callId)
      if (call !== undefined) return call
    }
    return undefined
  }

  /** To be told of every event of this session, and waited for before the event itself is told. */
  async before(event: Event): Promise<void> {
    if (event.type === "subagent.started") this.#started(event)
    else if (event.type === "subagent.updated") this.#updated(event)
    else if (event.type === "subagent.ended") await this.#ended(event)
    // What is asked below a child is asked of it: all of them may have to be caught up with.
    else if (event.type === "approval.requested" && event.agent !== undefined) await this.caughtUp()
  }

  /** Resolves when all that is in these sessions' logs has been told. */
  async caughtUp(): Promise<void> {
    for (const child of this.#known.values()) await child.caughtUp()
  }

  #started(event: Started): void {
    const toolUseId = event.callId === undefined ? undefined : this.#toolUseId(event.callId)
    const child = this.#known.get(event.childSessionId)
    this.#known.set(event.childSessionId, new Child(this.#context, event, toolUseId, child?.seq ?? 0))
    this.#context.send(this.#line("task_started", event.childSessionId, toolUseId, taskOf(event)))
  }

  #updated({ childSessionId, description, doing, tokens, at }: EventOf<"subagent.updated">): void {
    const child = this.#known.get(childSessionId)
    child?.follow()
    if (child === undefined || doing === "") return
    const usage = { total_tokens: tokens, tool_uses: child.toolUses, duration_ms: Math.max(0, at - child.startedAt) }
    const told = { description, usage, summary: doing }
    this.#context.send(this.#line("task_progress", childSessionId, child.toolUseId, told))
  }

  async #ended(event: Ended): Promise<void> {
    const child = this.#known.get(event.childSessionId)
    await child?.caughtUp()
    child?.leave()
    const usage = { total_tokens: event.tokens, tool_uses: child?.toolUses ?? 0, duration_ms: event.durationMs }
    const told = { status: statusOf(event.outcome), output_file: "", summary: event.text, usage }
    this.#context.send(this.#line("task_notification", event.childSessionId, child?.toolUseId, told))
  }

  #line(subtype: string, child: SessionId, toolUseId: string | undefined, fields: Json): Json {
    const { sessionId, uuid } = this.#context
    const ids = { task_id: claudeSessionId(child), ...given("tool_use_id", toolUseId) }
    return { type: "system", subtype, ...ids, ...fields, session_id: sessionId, uuid: uuid() }
  }
}

/** One child at work, read from its own log. */
class Child {
  readonly toolUseId: string | undefined
  toolUses = 0
  /** The newest of its durable events that was told. */
  seq: number
  readonly #context: ChildrenContext
  readonly #started: Started
  readonly #below: Children
  /** There from the log's first event on, which says where it works. */
  #translator: Translator | undefined
  #events: AsyncIterator<Event> | undefined
  #following: Promise<void> | undefined
  #waiting: { readonly seq: number; readonly reached: () => void }[] = []

  constructor(context: ChildrenContext, started: Started, toolUseId: string | undefined, seq: number) {
    this.#context = context
    this.#started = started
    this.toolUseId = toolUseId
    this.seq = seq
    this.#below = new Children(context, (callId) => this.#translator?.call(callId)?.toolUseId)
  }

  /** Milliseconds since the epoch. */
  get startedAt(): number {
    return this.#started.at
  }

  call(callId: CallId): HostCall | undefined {
    return this.#translator?.call(callId) ?? this.#below.call(callId)
  }

  /** Begins to read it, when that has not been done: its log is there soon after it is said to have started. */
  follow(): void {
    this.#following ??= this.#follow().catch((error: unknown) => this.#lost(error))
  }

  /** Resolves when all that its log holds now has been told, or it cannot be read. */
  async caughtUp(): Promise<void> {
    const { engine } = this.#context
    const seq = await engine.ask({ type: "session.read", sessionId: this.#started.childSessionId }).then(
      (view) => view.seq,
      (error: unknown) => this.#lost(error),
    )
    if (seq === undefined) return
    this.follow()
    const reached = new Promise<void>((resolve) => {
      if (this.seq >= seq) resolve()
      else this.#waiting.push({ seq, reached: resolve })
    })
    await Promise.race([reached, this.#following])
    await this.#below.caughtUp()
  }

  /** Nothing more of it is read. */
  leave(): void {
    void this.#events?.return?.()
  }

  /** One that never got to begin has no log. */
  #lost(error: unknown): undefined {
    if (error instanceof SkeinError && error.code === "session.not_found") return
    const why = error instanceof Error ? error.message : String(error)
    this.#context.warn(`What the sub-agent ${this.#started.agent} does cannot be told: ${why}`)
  }

  async #follow(): Promise<void> {
    const subscription = { sessionId: this.#started.childSessionId, from: 1, isReadOnly: true }
    this.#events = this.#context.engine.events(subscription)[Symbol.asyncIterator]()
    for (let next = await this.#events.next(); !next.done; next = await this.#events.next()) {
      const event = next.value
      if (event.type === "session.created") this.#begin(event.workspace.path)
      if (!this.#isOfThisRun(event)) continue
      await this.#tell(event)
      // Whoever watches it keeps it open: nothing of this run comes after its turn.
      if (event.type === "turn.ended") return this.leave()
    }
  }

  #begin(cwd: string): void {
    this.#translator = new Translator({ ...this.#context, cwd, isPartial: false, isStructured: false })
  }

  async #tell(event: Event): Promise<void> {
    await this.#below.before(event)
    if (event.type === "call.requested") this.toolUses += 1
    for (const line of this.#translator?.lines(event) ?? []) if (this.#isWanted(line)) this.#send(line)
    if (!("seq" in event)) return
    this.seq = event.seq
    this.#waiting = this.#waiting.filter(({ seq, reached }) => {
      if (event.seq >= seq) reached()
      return event.seq < seq
    })
  }

  /** One that goes on has told of its earlier runs already. */
  #isOfThisRun(event: Event): boolean {
    return event.at >= this.#started.at && !("seq" in event && event.seq <= this.seq)
  }

  /** Who it is for is known by the call that began it; without one, nothing says where it belongs. */
  #isWanted({ type, message }: Json): boolean {
    if (this.toolUseId === undefined || (type !== "assistant" && type !== "user")) return false
    const blocks = asList(asObject(message)?.content).map((block) => asObject(block)?.type)
    return this.#context.isTextForwarded || blocks.some((kind) => kind === "tool_use" || kind === "tool_result")
  }

  #send(line: Json): void {
    const { agent, description, childSessionId } = this.#started
    this.#context.send({
      ...line,
      // A call within a call keeps the one that made it.
      parent_tool_use_id: line.parent_tool_use_id ?? this.toolUseId,
      subagent_type: claudeAgent(agent),
      task_description: description,
      agent_id: claudeSessionId(childSessionId),
    })
  }
}

function taskOf({ agent, description, isBackground }: Started): Json {
  return {
    task_type: "local_agent",
    description,
    subagent_type: claudeAgent(agent),
    is_backgrounded: isBackground === true,
  }
}

function statusOf({ kind }: Ended["outcome"]): "completed" | "failed" | "stopped" {
  if (kind === "interrupted") return "stopped"
  return kind === "completed" ? "completed" : "failed"
}
