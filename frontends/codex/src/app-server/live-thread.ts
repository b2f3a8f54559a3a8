import {
  type ApprovalId,
  accepted,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type InputPart,
  type Mode,
  type Op,
  type SessionId,
  type SessionView,
  type SettingsChange,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { modeFor, type Policy, policyFor, threadIdOf } from "../words.ts"
import { approvalRequest, readDecision } from "./approvals.ts"
import { ThreadFeed } from "./feed.ts"
import type { Peer } from "./peer.ts"
import { ThreadQuestions } from "./questions.ts"
import { ReviewTurn } from "./review.ts"

interface Opening {
  readonly engine: Engine
  readonly peer: Peer
  readonly clientId: ClientId
  readonly view: SessionView
  readonly contextTokens: number | undefined
  /** Said once, when the session let go of us. */
  readonly onClosed: () => void
  readonly warn: (text: string) => void
}

/** One thread that a client has open: what happens in its session is told, what must be approved is asked. */
export class LiveThread {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly #opening: Opening
  readonly #feed: ThreadFeed
  readonly #events: AsyncIterator<Event>
  readonly #asked = new Map<ApprovalId, number>()
  #questions: ThreadQuestions | undefined
  #review: ReviewTurn | undefined
  /** While this is open, events wait: the answer to a request comes before what the request led to. */
  #gate: Promise<void> = Promise.resolve()
  #isAttached = false
  #hasEnded = false
  #policy: Policy
  #status: Json = { type: "idle" }

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
  }) {
    const { clientId, input, ...rest } = sent
    if (clientId !== undefined) this.#feed.expect(clientId)
    const named = clientId === undefined ? {} : { inputId: `inp_${clientId}` as const }
    return this.submit({ type: "turn.submit", sessionId: this.sessionId, input: [...input], ...rest, ...named })
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
    if (isAsked) this.#tellStatus({ type: "active", activeFlags: ["waitingOnApproval"] })
    if (event.type === "approval.resolved") this.#resolved(event)
    const told = this.#feed.notifications(event)
    for (const { method, params } of this.#review?.told(event, told) ?? told) {
      if (method === "thread/status/changed") this.#status = params.status as Json
      this.#opening.peer.notify(method, params)
    }
    if (event.type === "client.requested" && event.clientId === this.#opening.clientId) this.#questionLater(event)
    if (event.type === "call.settled") this.#questions?.settled(event.callId)
    if (event.type === "turn.ended") this.reviewed()
    if (isAsked) {
      this.#ask(event).catch((error: unknown) =>
        this.#opening.warn(`An answer to an approval was not taken: ${String(error)}`),
      )
    }
  }

  async #ask(event: EventOf<"approval.requested">): Promise<void> {
    const { peer } = this.#opening
    const { approvalId, callId } = event
    // Its clients are asked about commands and files; one that says yes to all of them has not said to wait for hours.
    if (event.subject === "wait") {
      await this.submit({ type: "approval.answer", sessionId: this.sessionId, approvalId, answer: "reject_once" })
      return
    }
    const call = callId === undefined ? undefined : this.#feed.call(callId)
    const { method, params } = approvalRequest(event, call, this.cwd)
    const threadId = threadIdOf(this.sessionId)
    const { id, answer } = peer.request(method, { ...params, threadId, turnId: this.#feed.turnId ?? "" })
    this.#asked.set(approvalId, id)
    const reply = await answer
    // An approval that was withdrawn meanwhile has its answer already.
    if (!this.#asked.has(approvalId)) return
    const answering = { type: "approval.answer", sessionId: this.sessionId, approvalId } as const
    const decision = readDecision(reply, event)
    try {
      await this.submit({ ...answering, ...decision })
    } catch (error) {
      const isGone = error instanceof SkeinError && error.code === "approval.not_found"
      if (decision.answer !== "allow_always" || isGone) throw error
      // A rule that cannot be kept answers nothing; the command itself was accepted all the same.
      this.#opening.warn(`The rule of an answer was not kept: ${String(error)}`)
      await this.submit({ ...answering, ...({ answer: "allow_once" } as const) })
    }
  }

  #resolved({ approvalId }: EventOf<"approval.resolved">): void {
    const requestId = this.#asked.get(approvalId)
    if (requestId === undefined) return
    this.#asked.delete(approvalId)
    this.#opening.peer.forget(requestId)
    this.#opening.peer.notify("serverRequest/resolved", { threadId: threadIdOf(this.sessionId), requestId })
    if (this.#asked.size === 0) this.#tellStatus({ type: "active", activeFlags: [] })
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
