import {
  accepted,
  type CallId,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type Op,
  type SessionId,
  SkeinError,
} from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { type AskedCall, approvalAnswer, approvalRequest, messageOf, type OnApproval } from "./approvals.ts"
import { newId } from "./ids.ts"
import { type OnQuestion, questionAnswers } from "./questions.ts"
import { SERVER, serverSpec, ToolServer } from "./tool-server.ts"
import type { HostTool } from "./tools.ts"

/** What a session may ask of this process. What nobody answers is refused by the engine, never left waiting. */
export interface Handlers {
  readonly onApproval?: OnApproval | undefined
  readonly onQuestion?: OnQuestion | undefined
  /** Functions of this process that the model may call; see `tool`. */
  readonly hostTools?: readonly HostTool[] | undefined
}

/** Answers for one session what it asks of this process, until it is closed. */
export class Answering {
  readonly #engine: Engine
  readonly #sessionId: SessionId
  readonly #handlers: Handlers
  readonly #clientId: ClientId = newId("cli")
  readonly #server: ToolServer
  readonly #calls = new Map<CallId, AskedCall>()
  readonly #asked = new Set<string>()
  #events: AsyncIterator<Event> | undefined
  #isEnded = false

  constructor(engine: Engine, sessionId: SessionId, handlers: Handlers) {
    this.#engine = engine
    this.#sessionId = sessionId
    this.#handlers = handlers
    this.#server = new ToolServer(handlers.hostTools ?? [])
  }

  /**
   * Offers what there are handlers for, and the tools; again where the engine was given up meanwhile. Throws SkeinError when the
   * engine refuses.
   */
  async begin(): Promise<void> {
    if (this.#events !== undefined || this.#isEnded) return
    const { onApproval, onQuestion, hostTools: tools = [] } = this.#handlers
    const answers = [
      ...(onApproval === undefined ? [] : (["approval"] as const)),
      ...(onQuestion === undefined ? [] : (["question"] as const)),
      ...(tools.length === 0 ? [] : (["mcp"] as const)),
    ]
    if (answers.length === 0) return
    const events = this.#engine.events({ sessionId: this.#sessionId })[Symbol.asyncIterator]()
    this.#events = events
    this.#follow(events)
      .catch(ignore)
      .finally(() => {
        if (this.#events === events) this.#events = undefined
      })
    const [sessionId, clientId] = [this.#sessionId, this.#clientId]
    await accepted(this.#engine, { type: "client.attach", sessionId, clientId, answers })
    if (tools.length > 0) await this.#bring()
  }

  /** What was asked and not answered fails. */
  async end(): Promise<void> {
    this.#isEnded = true
    if (this.#events === undefined) return
    await this.#events.return?.()
    this.#server.stop()
    await this.#engine
      .submit({ type: "client.detach", sessionId: this.#sessionId, clientId: this.#clientId })
      .catch(ignore)
  }

  async #bring(): Promise<void> {
    const sessionId = this.#sessionId
    const servers = [serverSpec(this.#handlers.hostTools ?? [])]
    await accepted(this.#engine, { type: "mcp.bring", sessionId, servers })
    // Begun now, so that the model is told of them from the first request on.
    await accepted(this.#engine, { type: "mcp.control", sessionId, server: SERVER, action: "connect" })
  }

  /** Never waits for a handler: whoever is slow keeps nothing else waiting. */
  async #follow(events: AsyncIterator<Event>): Promise<void> {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      const event = next.value
      if (event.type === "call.requested") this.#calls.set(event.callId, event)
      if (event.type === "call.settled") this.#calls.delete(event.callId)
      if (event.type === "approval.requested") this.#approve(event).catch(ignore)
      if (event.type === "client.requested" && event.clientId === this.#clientId) this.#answer(event).catch(ignore)
      if (event.type === "session.snapshot" && event.pendingApprovals.length > 0) this.#catchUp().catch(ignore)
    }
  }

  /** Those that were asked before anybody listened. */
  async #catchUp(): Promise<void> {
    const { approvals, items } = await this.#engine.ask({ type: "session.read", sessionId: this.#sessionId })
    for (const item of items) {
      if (item.kind !== "tool_call" || item.result !== undefined) continue
      this.#calls.set(item.callId, item)
    }
    for (const asked of approvals) this.#approve(asked).catch(ignore)
  }

  async #approve(event: EventOf<"approval.requested">): Promise<void> {
    const { onApproval } = this.#handlers
    if (onApproval === undefined || this.#asked.has(event.approvalId)) return
    this.#asked.add(event.approvalId)
    const call = event.callId === undefined ? undefined : this.#calls.get(event.callId)
    await this.#engine.submit(await approvalAnswer(this.#sessionId, approvalRequest(event, call), onApproval))
  }

  async #answer({ requestId, kind, payload }: EventOf<"client.requested">): Promise<void> {
    const answering = {
      type: "client.answer",
      sessionId: this.#sessionId,
      clientId: this.#clientId,
      requestId,
    } as const
    const said = await this.#said(kind, payload).then(
      (result): Partial<Op<"client.answer">> => ({ result }),
      (error: unknown) => ({ error: messageOf(error) }),
    )
    await this.#engine.submit({ ...answering, ...said })
  }

  async #said(kind: EventOf<"client.requested">["kind"], payload: unknown): Promise<unknown> {
    const { onQuestion } = this.#handlers
    if (kind === "mcp") return this.#server.answer(asObject(payload)?.message)
    if (kind === "question" && onQuestion !== undefined) return questionAnswers(payload, onQuestion)
    throw new SkeinError("client.refused", `Nothing here answers ${kind}.`)
  }
}

/** Whoever asked has given up meanwhile, or the engine is gone: those who wait for it are told elsewhere. */
const ignore = (): undefined => undefined
