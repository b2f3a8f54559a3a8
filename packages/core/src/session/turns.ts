import {
  type CallId,
  type DurableDraft,
  type InputId,
  type InputPart,
  type OpId,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import { refuseCalls } from "../calls/settle.ts"
import { loadContext } from "../context/load.ts"
import { openCalls } from "../transcript/open.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { runTurn } from "../turn/run.ts"
import type { Approvals } from "./approvals.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

interface Submitted {
  readonly inputId: InputId
  readonly input: readonly InputPart[]
  readonly source: "user" | "queue"
  readonly causedBy?: OpId | undefined
}

/** Runs a session's turns, one after the other, and stops them. */
export class Turns {
  readonly #state: SessionState
  readonly #writer: SessionWriter
  readonly #approvals: Approvals
  readonly #hasAnswerer: () => boolean
  readonly #ports: EnginePorts
  #running: { readonly turnId: TurnId; readonly stop: AbortController; readonly done: Promise<void> } | undefined
  readonly #calls = new Map<string, AbortController>()

  constructor(
    state: SessionState,
    writer: SessionWriter,
    approvals: Approvals,
    hasAnswerer: () => boolean,
    ports: EnginePorts,
  ) {
    this.#state = state
    this.#writer = writer
    this.#approvals = approvals
    this.#hasAnswerer = hasAnswerer
    this.#ports = ports
  }

  get runningTurn(): TurnId | undefined {
    return this.#running?.turnId
  }

  /** Begins a turn. Resolves when its input is on disk; the turn goes on by itself. */
  async start({ inputId, input, source, causedBy }: Submitted): Promise<TurnId> {
    const turnId = this.#ports.random.id("trn")
    const started = { type: "turn.started", turnId, inputId, input, source } as const
    const stop = new AbortController()
    const begun = this.#writer.emit([started], { causedBy })
    this.#run(turnId, stop, begun)
    await begun
    this.#writer.flushSoon()
    await this.#writer.settled()
    return turnId
  }

  /** Goes on with a turn that a crash left waiting for a person. */
  resume(): void {
    const turn = this.#state.turn
    if (turn === undefined || this.#running !== undefined) return
    this.#run(turn.turnId, new AbortController(), Promise.resolve())
  }

  /** Stops the running turn and waits until it is settled. False when none runs. */
  async interrupt(): Promise<boolean> {
    const running = this.#running
    if (running === undefined) return false
    running.stop.abort(new SkeinError("call.cancelled", "Interrupted."))
    await running.done
    return true
  }

  /** Cancels one call; false when it is not running. */
  cancelCall(callId: CallId): boolean {
    const call = this.#calls.get(callId)
    call?.abort(new SkeinError("call.cancelled", "Cancelled."))
    return call !== undefined
  }

  #run(turnId: TurnId, stop: AbortController, begun: Promise<unknown>): void {
    const done = this.#drive(stop, begun)
      .catch((error: unknown) => this.#broken(error))
      .finally(() => {
        this.#running = undefined
        this.#writer.tell({ type: "session.status", status: "idle" })
      })
      .then(() => this.#startQueued())
    this.#running = { turnId, stop, done }
  }

  async #drive(stop: AbortController, begun: Promise<unknown>): Promise<void> {
    await begun
    this.#writer.tell({ type: "session.status", status: "running" })
    const ports = this.#turnPorts(stop.signal)
    // The input is on disk before anything leaves for a provider; meanwhile the context is gathered.
    await Promise.all([this.#writer.settled(), loadContext(this.#state, ports)])
    await this.#writer.settled()
    await runTurn(this.#state, ports)
  }

  /** A defect of ours, or a log that cannot be written: the turn ends loudly, its calls settled where that still works. */
  async #broken(error: unknown): Promise<void> {
    this.#ports.onDefect(error)
    const turn = this.#state.turn
    if (turn === undefined || this.#writer.isFailed) return
    const ports = this.#turnPorts(new AbortController().signal)
    await refuseCalls(this.#state, openCalls(this.#state), "cancelled", ports)
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof SkeinError ? error.code : "internal.defect"
    const ended: DurableDraft = { type: "turn.ended", turnId: turn.turnId, outcome: { kind: "failed", code, message } }
    await this.#writer.emit([ended], { flush: true })
  }

  /** What waited for the turn's end goes next; after an interrupt the person says when. */
  async #startQueued(): Promise<void> {
    const next = this.#state.queue[0]
    if (next === undefined || this.#writer.isFailed || this.#state.lastOutcome?.kind === "interrupted") return
    await this.start({ inputId: next.inputId, input: next.input, source: "queue" })
  }

  #turnPorts(signal: AbortSignal): TurnPorts {
    const { model, tools, policy, sources, clock, random, tokens, limits, retry, rules } = this.#ports
    const writer = this.#writer
    return {
      ...{ model, tools, policy, sources, clock, random, tokens, limits, retry, rules, signal },
      emit: async (drafts, options) => void (await writer.emit(drafts, options)),
      tell: (draft) => writer.tell(draft),
      flushSoon: () => writer.flushSoon(),
      settled: () => writer.settled(),
      ask: (question, callSignal, isAllowedNow) => this.#ask(question, callSignal, isAllowedNow),
      callSignal: (callId) => this.#callSignal(callId, signal),
    }
  }

  async #ask(...[question, signal, isAllowedNow]: Parameters<TurnPorts["ask"]>) {
    // Waited for before it is told: an answer may come with the very event.
    const answered = this.#approvals.wait(question.approvalId, signal, isAllowedNow)
    await this.#writer.emit([question], { flush: true })
    if (!this.#hasAnswerer()) await this.#approvals.withdrawAll()
    else this.#writer.tell({ type: "session.status", status: "waiting" })
    try {
      return await answered
    } finally {
      if (!this.#approvals.isWaiting) this.#writer.tell({ type: "session.status", status: "running" })
    }
  }

  #callSignal(callId: string, turn: AbortSignal) {
    const call = new AbortController()
    const follow = () => call.abort(turn.reason)
    if (turn.aborted) follow()
    turn.addEventListener("abort", follow, { once: true })
    this.#calls.set(callId, call)
    const done = () => {
      turn.removeEventListener("abort", follow)
      this.#calls.delete(callId)
    }
    return { signal: call.signal, done }
  }
}
