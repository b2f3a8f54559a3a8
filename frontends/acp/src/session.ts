import {
  type ApprovalId,
  type ClientId,
  type Engine,
  type Event,
  type EventOf,
  type InputPart,
  knownCommandLine,
  type Op,
  type Receipt,
  type SessionView,
  type TurnId,
  type TurnOp,
  turnOfCommand,
} from "@skein/protocol"
import { answersOf, type ClientFacts } from "./client-facts.ts"
import { commandUpdates } from "./commands.ts"
import { permissionRequest, readPermission, subjectOf } from "./permission.ts"
import { type Json, RPC, type Rpc, RpcError } from "./rpc.ts"
import { Services } from "./services.ts"
import type { Updates } from "./updates.ts"
import { acpError, acpStop, type StopReason } from "./words.ts"

export interface SessionContext {
  readonly engine: Engine
  readonly rpc: Rpc
  readonly clientId: ClientId
  readonly updates: Updates
  readonly facts: ClientFacts
  /** A path as the client names it. */
  readonly named: (path: string) => string
  /** For stderr. */
  readonly warn: (text: string) => void
}

interface Prompt {
  readonly input: readonly InputPart[]
  isCancelled: boolean
}

type Ended = EventOf<"turn.ended">["outcome"]

/** One session as a client of ACP has it open: its prompts one after the other, its questions, its updates. */
export class AcpSession {
  readonly #context: SessionContext
  readonly #view: SessionView
  readonly #following: Promise<void>
  readonly #prompts = new Set<Prompt>()
  readonly #ended = new Map<TurnId, PromiseWithResolvers<Ended>>()
  readonly #services: Services
  readonly #asking = new Map<ApprovalId, AbortController>()
  #lane: Promise<unknown> = Promise.resolve()
  #isAttached = false
  #lastStop: string | undefined
  #failure: Error | undefined
  /** Events so far, and who waits for one more. */
  #seen = 0
  #next = Promise.withResolvers<void>()
  /** Said with the next prompt: a client shows text only while it waits for an answer. */
  #held: readonly Json[] = []

  /** Follows a session from where `view` leaves off. */
  constructor(view: SessionView, context: SessionContext) {
    this.#view = view
    this.#context = context
    const onTerminal = (callId: string, terminalId: string) =>
      this.update(context.updates.inTerminal(callId, terminalId))
    this.#services = new Services(view.sessionId, { ...context, onTerminal })
    this.#following = this.#follow()
  }

  /** The engine has let go of the session, or never could take it: open it anew. */
  get isOver(): boolean {
    return this.#failure !== undefined
  }

  update(updates: readonly Json[]): void {
    const { sessionId } = this.#view
    for (const update of updates) this.#context.rpc.notify("session/update", { sessionId, update })
  }

  updateWithPrompt(updates: readonly Json[]): void {
    this.#held = [...this.#held, ...updates]
  }

  /** Resolves when the turn has ended and all its updates are written. Throws RpcError when it failed. */
  prompt(input: readonly InputPart[], signal: AbortSignal): Promise<StopReason> {
    const prompt: Prompt = { input, isCancelled: false }
    this.#prompts.add(prompt)
    signal.addEventListener("abort", () => this.#takeBack(prompt), { once: true })
    const answer = this.#lane.then(() => this.#run(prompt)).finally(() => this.#prompts.delete(prompt))
    // Whoever sent the prompt hears of its failure; the next one does not wait for more than its end.
    this.#lane = answer.catch(() => undefined)
    return answer
  }

  /** Stops everything that was asked for: each open prompt is answered `cancelled`. */
  cancel(): void {
    for (const prompt of this.#prompts) prompt.isCancelled = true
    this.#stopRunning()
  }

  async submit(op: Op): Promise<Extract<Receipt, { status: "accepted" }>> {
    const receipt = await this.#context.engine.submit(op)
    if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
    return receipt
  }

  /** Settles what runs, and lets go of the session. */
  async close(): Promise<void> {
    this.cancel()
    this.#services.end()
    await this.#lane
    if (!this.isOver) await this.submit({ type: "session.close", sessionId: this.#view.sessionId })
    await this.#following
  }

  async #run(prompt: Prompt): Promise<StopReason> {
    if (prompt.isCancelled) return "cancelled"
    this.update(this.#held)
    this.#held = []
    await this.#attach()
    const { engine } = this.#context
    const line = await knownCommandLine(engine, prompt.input, this.#view.sessionId)
    const command = await turnOfCommand(engine, this.#view.sessionId, prompt.input)
    if (line !== undefined && command === undefined) {
      this.update(await commandUpdates(engine, this.#view.sessionId, line))
      return prompt.isCancelled ? "cancelled" : "end_turn"
    }
    const turnId = await this.#start(prompt, command)
    if (turnId === undefined) return "cancelled"
    if (prompt.isCancelled) await this.#interrupt()
    const outcome = await this.#endOf(turnId).promise
    this.#ended.delete(turnId)
    return prompt.isCancelled ? "cancelled" : acpStop(outcome, this.#lastStop)
  }

  /** Only with the first prompt: a turn that was left waiting for an approval is asked about inside of a prompt. */
  async #attach(): Promise<void> {
    if (this.#isAttached) return
    this.#isAttached = true
    const { clientId, facts } = this.#context
    const answers = answersOf(facts)
    await this.submit({ type: "client.attach", sessionId: this.#view.sessionId, clientId, answers })
  }

  /** A turn that just ended, or one left from before, may still hold the session: then the next event says to try again. */
  async #start(prompt: Prompt, command: TurnOp | undefined): Promise<TurnId | undefined> {
    const { sessionId } = this.#view
    while (!prompt.isCancelled) {
      if (this.#failure !== undefined) throw this.#failure
      const seen = this.#seen
      const typed = { type: "turn.submit", sessionId, input: [...prompt.input], delivery: "start" } as const
      const receipt = await this.#context.engine.submit(command ?? typed)
      if (receipt.status === "accepted") return receipt.turnId
      if (receipt.code !== "turn.busy") throw acpError(receipt.code, receipt.message)
      if (this.#seen === seen) await this.#next.promise
    }
    return undefined
  }

  /** One prompt was taken back, which those behind it are not. */
  #takeBack(prompt: Prompt): void {
    prompt.isCancelled = true
    const [running] = this.#prompts
    if (running === prompt) this.#stopRunning()
  }

  #stopRunning(): void {
    this.#interrupt().catch((error: unknown) => this.#context.warn(`A turn could not be stopped: ${String(error)}`))
  }

  async #interrupt(): Promise<void> {
    const receipt = await this.#context.engine.submit({ type: "turn.interrupt", sessionId: this.#view.sessionId })
    if (receipt.status === "accepted" || receipt.code === "turn.not_running") return
    throw acpError(receipt.code, receipt.message)
  }

  async #follow(): Promise<void> {
    const { sessionId, seq } = this.#view
    try {
      for await (const event of this.#context.engine.events({ sessionId, from: seq + 1 })) this.#see(event)
      this.#fail(new RpcError(RPC.notFound, `The session ${sessionId} was closed.`))
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #see(event: Event): void {
    this.update(this.#context.updates.of(event))
    if (event.type === "step.ended") this.#lastStop = event.stop
    else if (event.type === "turn.ended") this.#endOf(event.turnId).resolve(event.outcome)
    else if (event.type === "approval.resolved") this.#answered(event.approvalId)
    else if (event.type === "approval.requested" && this.#isAttached) this.#askLater(event)
    else if (event.type === "client.requested") this.#services.take(event)
    else if (event.type === "call.settled") this.#services.settled(event.callId)
    else if (event.type === "subagent.ended") this.#services.childEnded(event.childSessionId)
    this.#seen += 1
    this.#next.resolve()
    this.#next = Promise.withResolvers()
  }

  #answered(approvalId: ApprovalId): void {
    this.#asking.get(approvalId)?.abort()
    this.#services.lookAgain()
  }

  #endOf(turnId: TurnId): PromiseWithResolvers<Ended> {
    const known = this.#ended.get(turnId)
    if (known !== undefined) return known
    const ended = Promise.withResolvers<Ended>()
    this.#ended.set(turnId, ended)
    if (this.#failure !== undefined) ended.reject(this.#failure)
    return ended
  }

  #askLater(asked: EventOf<"approval.requested">): void {
    this.#ask(asked).catch((error: unknown) => this.#context.warn(`An answer was not taken: ${String(error)}`))
  }

  async #ask(asked: EventOf<"approval.requested">): Promise<void> {
    const { sessionId } = this.#view
    const { approvalId, callId } = asked
    const { call, reports } = subjectOf(asked, this.#context.updates.call(callId))
    this.update(reports)
    const withdrawn = new AbortController()
    this.#asking.set(approvalId, withdrawn)
    const params = permissionRequest(sessionId, asked, call)
    try {
      const reply = await this.#context.rpc.request("session/request_permission", params, withdrawn.signal)
      this.#asking.delete(approvalId)
      const answer = readPermission(reply, asked)
      if (answer === undefined) await this.#interrupt()
      else await this.#answer({ type: "approval.answer", sessionId, approvalId, answer })
    } catch (error) {
      this.#asking.delete(approvalId)
      if (withdrawn.signal.aborted) return
      const feedback = `The question could not be put to the person: ${error instanceof Error ? error.message : error}`
      await this.#answer({ type: "approval.answer", sessionId, approvalId, answer: "reject_once", feedback })
    }
  }

  /** An answer that comes after the question was withdrawn is of no use any more. */
  async #answer(op: Op<"approval.answer">): Promise<void> {
    const receipt = await this.#context.engine.submit(op)
    if (receipt.status === "accepted" || receipt.code === "approval.not_found") return
    throw acpError(receipt.code, receipt.message)
  }

  #fail(error: Error): void {
    this.#services.end()
    this.#failure = error
    for (const ended of this.#ended.values()) ended.reject(error)
    this.#next.resolve()
  }
}
