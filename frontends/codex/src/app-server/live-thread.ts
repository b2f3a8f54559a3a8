import {
  accepted,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type InputPart,
  type Mode,
  type Op,
  type OpId,
  type SessionId,
  type SessionView,
  type SettingsChange,
  SkeinError,
  type TurnId,
  type TurnOutcome,
  type TurnTerms,
} from "@skein/protocol"
import { asObject, given, type Json } from "@skein/protocol/json"
import { modeFor, type Policy, policyFor, threadIdOf } from "../words.ts"
import { Approvals } from "./asking.ts"
import { ClientToolServers, type ClientTools } from "./client-tools.ts"
import { ThreadFeed } from "./feed.ts"
import type { Peer } from "./peer.ts"
import { ThreadQuestions } from "./questions.ts"
import { ReviewTurn } from "./review.ts"
import { ACTIVE, IDLE, type Notification } from "./telling.ts"

const WAITING: Json = { type: "active", activeFlags: ["waitingOnApproval"] }

interface Opening {
  readonly engine: Engine
  readonly peer: Peer
  readonly clientId: ClientId
  readonly view: SessionView
  readonly contextTokens: number | undefined
  /** Said once, when the session let go of us. */
  readonly onClosed: () => void
  readonly warn: (text: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** One thread that a client has open: what happens in its session is told, what must be approved is asked. */
export class LiveThread {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly #opening: Opening
  readonly #feed: ThreadFeed
  readonly #events: AsyncIterator<Event>
  readonly #approvals: Approvals
  #tools: ClientToolServers | undefined
  /** The compaction that the client asked for, while it goes on. */
  #compaction: OpId | undefined
  #questions: ThreadQuestions | undefined
  #review: ReviewTurn | undefined
  /** While this is open, events wait: the answer to a request comes before what the request led to. */
  #gate: Promise<void> = Promise.resolve()
  #isAttached = false
  #hasEnded = false
  /** An approval was refused, and its call is not settled yet. */
  #isDeclining = false
  #policy: Policy
  #status: Json = IDLE

  constructor(opening: Opening) {
    const { engine, view, contextTokens } = opening
    this.#opening = opening
    this.sessionId = view.sessionId
    this.cwd = view.cwd
    this.#policy = policyFor(view.settings.mode)
    this.#feed = new ThreadFeed({
      threadId: threadIdOf(view.sessionId),
      cwd: view.cwd,
      usage: view.usage,
      contextTokens,
    })
    this.#approvals = new Approvals({
      ...{ sessionId: view.sessionId, cwd: view.cwd, peer: opening.peer, warn: opening.warn },
      submit: (op) => this.submit(op),
    })
    this.#events = engine.events({ sessionId: view.sessionId })[Symbol.asyncIterator]()
    void this.#follow()
  }

  get policy(): Policy {
    return this.#policy
  }

  get status(): Json {
    return this.#status
  }

  get turnId(): string | undefined {
    return this.#feed.turnId
  }

  /** Holds events back until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate = promise
    return resolve
  }

  /** Throws SkeinError when the engine refuses. */
  submit(op: Op): ReturnType<typeof accepted> {
    return accepted(this.#opening.engine, op)
  }

  read(): Promise<SessionView> {
    return this.#opening.engine.ask({ type: "session.read", sessionId: this.sessionId })
  }

  /** Gives the session what a request asks for, and offers to answer approvals when somebody is to be asked. */
  async configure(changes: SettingsChange, policy: Policy | undefined, view: SessionView): Promise<void> {
    this.#policy = policy ?? this.#policy
    const isJudgedAnew = policy !== undefined || changes.sandbox !== undefined
    const mode = modeFor(this.#policy, changes.sandbox ?? view.settings.sandbox)
    const all = { ...changes, ...(isJudgedAnew && mode !== view.settings.mode ? { mode } : {}) }
    const { sessionId } = this
    if (Object.keys(all).length > 0) await this.submit({ type: "settings.change", sessionId, changes: all })
    const { clientId } = this.#opening
    const shouldAnswer = this.#policy !== "never"
    if (shouldAnswer && !this.#isAttached) {
      await this.submit({ type: "client.attach", sessionId, clientId, answers: ["approval", "question"] })
    }
    if (!shouldAnswer && this.#isAttached) await this.submit({ type: "client.detach", sessionId, clientId })
    this.#isAttached = shouldAnswer
  }

  /** `clientId`: a plain UUID that the client calls its message by. */
  send(sent: {
    readonly input: readonly InputPart[]
    readonly delivery: "start" | "steer"
    readonly expectedTurnId?: TurnId | undefined
    readonly clientId?: string | undefined
    readonly terms?: TurnTerms | undefined
  }) {
    const { clientId, input, terms, ...rest } = sent
    if (clientId !== undefined) this.#feed.expect(clientId)
    const named = clientId === undefined ? {} : { inputId: `inp_${clientId}` as const }
    const begun = { input: [...input], ...given("terms", terms), ...rest, ...named }
    return this.submit({ type: "turn.submit", sessionId: this.sessionId, ...begun })
  }

  /** The next turn is a review: nothing is changed in it, and the thread is as it was before when it is over. */
  async review(name: string, modeBefore: Mode): Promise<void> {
    await this.submit({ type: "settings.change", sessionId: this.sessionId, changes: { mode: "plan" } })
    this.#review = new ReviewTurn(name, modeBefore)
  }

  /** The review is over, or did not begin. */
  reviewed(): void {
    const review = this.#review
    this.#review = undefined
    if (review === undefined) return
    const changes = { mode: review.modeBefore }
    this.submit({ type: "settings.change", sessionId: this.sessionId, changes }).catch((error: unknown) =>
      this.#opening.warn(`The mode was not put back after a review: ${String(error)}`),
    )
  }

  /** Sums the conversation up, which is told as a turn by itself. */
  compact(): void {
    const opId = `op_${crypto.randomUUID()}` as const
    this.#compaction = opId
    this.#tell(this.#feed.compacting(opId, this.#opening.now()))
    this.submit({ type: "context.compact", sessionId: this.sessionId, opId }).catch((error: unknown) => {
      this.#compactionOver(opId, outcomeOf(error))
    })
  }

  /** Gives the session the client's own tools. Throws SkeinError. */
  async bringTools(tools: ClientTools): Promise<void> {
    if (tools.size === 0) return
    const { peer, clientId } = this.#opening
    this.#tools = new ClientToolServers({
      ...{ sessionId: this.sessionId, clientId, threadId: threadIdOf(this.sessionId), tools, peer },
      submit: (op) => this.submit(op),
      callOf: (name, input) => ({ callId: this.#feed.callNamed(name, input), turnId: this.#feed.turnId ?? "" }),
    })
    await this.#tools.bring()
  }

  /** Stops the running turn; its end comes as events. */
  interrupt(): void {
    this.submit({ type: "turn.interrupt", sessionId: this.sessionId }).catch((error: unknown) =>
      this.#opening.warn(`A turn was not interrupted: ${String(error)}`),
    )
  }

  /** Stops telling. The session stays as it is. */
  async leave(): Promise<void> {
    this.#hasEnded = true
    if (this.#isAttached) {
      const { clientId } = this.#opening
      await this.submit({ type: "client.detach", sessionId: this.sessionId, clientId })
    }
    await this.#events.return?.()
  }

  async #follow(): Promise<void> {
    try {
      for (let next = await this.#events.next(); !next.done; next = await this.#events.next()) {
        await this.#gate
        this.#see(next.value)
      }
    } catch (error) {
      this.#opening.warn(`Thread ${threadIdOf(this.sessionId)} cannot be followed: ${String(error)}`)
    }
    if (!this.#hasEnded) this.#opening.onClosed()
  }

  #see(event: Event): void {
    if (this.#hasEnded) return
    const isAsked = event.type === "approval.requested" && this.#isAttached
    if (event.type === "approval.resolved") this.#resolved(event)
    const told = this.#feed.notifications(event)
    const shown = this.#review?.told(event, told) ?? told
    // A change is shown before it is waited for, a command after.
    const isChange = shown.some(({ params }) => asObject(params.item)?.type === "fileChange")
    if (isAsked && !isChange) this.#tellStatus(WAITING)
    this.#tell(shown)
    if (isAsked) this.#tellStatus(WAITING)
    if (event.type === "client.requested") this.#requested(event)
    if (event.type === "call.settled" && this.#isDeclining) {
      this.#isDeclining = false
      this.#tellStatus(ACTIVE)
    }
    if (event.type === "call.settled") this.#questions?.settled(event.callId)
    if (event.type === "turn.ended") this.reviewed()
    if (event.type === "context.compacted" && event.causedBy !== undefined && event.causedBy === this.#compaction) {
      this.#compactionOver(event.causedBy, { kind: "completed" })
    }
    if (isAsked) {
      const call = event.callId === undefined ? undefined : this.#feed.call(event.callId)
      this.#approvals
        .ask(event, call, this.#feed.turnId ?? "")
        .catch((error: unknown) => this.#opening.warn(`An answer to an approval was not taken: ${String(error)}`))
    }
  }

  /** A command that was declined is told to be over before the thread goes on. */
  #resolved(event: EventOf<"approval.resolved">): void {
    const method = this.#approvals.resolved(event)
    if (method === undefined || this.#approvals.isWaiting) return
    const isCommand = method === "item/commandExecution/requestApproval"
    if (isCommand && (event.answer === "reject_once" || event.answer === "reject_always")) this.#isDeclining = true
    else this.#tellStatus(ACTIVE)
  }

  #tell(notifications: readonly Notification[]): void {
    for (const { method, params } of notifications) {
      if (method === "thread/status/changed") this.#status = params.status as Json
      this.#opening.peer.notify(method, params)
    }
  }

  #compactionOver(opId: OpId, outcome: TurnOutcome | string): void {
    if (this.#hasEnded || this.#compaction !== opId) return
    this.#compaction = undefined
    const isOutcome = typeof outcome !== "string"
    if (!isOutcome) this.#opening.peer.notify("warning", { threadId: threadIdOf(this.sessionId), message: outcome })
    this.#tell(this.#feed.compactionOver(isOutcome ? outcome : { kind: "completed" }, this.#opening.now()))
  }

  #requested(event: EventOf<"client.requested">): void {
    const { clientId, warn } = this.#opening
    if (event.clientId === clientId) return this.#questionLater(event)
    this.#tools?.take(event, (error) => warn(`A message to the client's own tools was lost: ${String(error)}`))
  }

  #questionLater(event: EventOf<"client.requested">): void {
    this.#questions ??= new ThreadQuestions(this.#opening.peer, threadIdOf(this.sessionId))
    this.#questions
      .ask(event, this.#feed.turnId ?? "")
      .then((op) => op && this.submit(op))
      .catch((error: unknown) => this.#opening.warn(`An answer to a question was not taken: ${String(error)}`))
  }

  #tellStatus(status: Json): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return
    this.#status = status
    this.#opening.peer.notify("thread/status/changed", { threadId: threadIdOf(this.sessionId), status })
  }
}

/** How a compaction ended that did not come about; a sentence where there was nothing to do. */
function outcomeOf(error: unknown): TurnOutcome | string {
  if (!(error instanceof SkeinError)) return { kind: "failed", code: "internal.defect", message: String(error) }
  if (error.code === "context.nothing_to_compact") return error.message
  if (error.code === "call.cancelled") return { kind: "interrupted" }
  return { kind: "failed", code: error.code, message: error.message }
}
