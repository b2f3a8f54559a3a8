import {
  type CallId,
  type Closing,
  type DurableDraft,
  type InputId,
  type InputPart,
  type OpId,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import { byClosing, byPerson } from "../calls/interruption.ts"
import { loadContext } from "../context/load.ts"
import type { SessionsPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Spent } from "../turn/budget.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { runTurn } from "../turn/run.ts"
import type { Approvals } from "./approvals.ts"
import type { Clients } from "./clients.ts"
import type { EnginePorts } from "./ports.ts"
import { closing } from "./resume.ts"
import { Spending } from "./spending.ts"
import { choosing } from "./tiers.ts"
import type { SessionWriter } from "./writer.ts"

interface Submitted {
  readonly inputId: InputId
  readonly input: readonly InputPart[]
  readonly source: "user" | "queue" | "call"
  /** What stands in it from the start. */
  readonly with?: ((turnId: TurnId) => readonly DurableDraft[]) | undefined
  readonly causedBy?: OpId | undefined
}

interface Running {
  readonly turnId: TurnId
  readonly stop: AbortController
  readonly done: Promise<void>
  /** Its end is in the log. */
  readonly isOver: () => boolean
}

interface TurnsPorts extends EnginePorts {
  readonly sessions: SessionsPort
  /** A turn is over, or what stood in its place: a good moment for what can wait. */
  readonly onIdle: () => Promise<void>
}

/** Runs a session's turns, one after the other, and stops them. */
export class Turns {
  readonly #state: SessionState
  readonly #writer: SessionWriter
  readonly #approvals: Approvals
  readonly #clients: Clients
  readonly #ports: TurnsPorts
  readonly #spending: Spending
  #running: Running | undefined
  /** Work on the session between turns, as a compaction that a person asked for. */
  #aside: AbortController | undefined
  /** Whether the newest turn that is over was interrupted. */
  #wasStopped = false
  #isEnded = false
  readonly #calls = new Map<string, AbortController>()

  constructor(state: SessionState, writer: SessionWriter, approvals: Approvals, clients: Clients, ports: TurnsPorts) {
    this.#state = state
    this.#writer = writer
    this.#approvals = approvals
    this.#clients = clients
    this.#ports = ports
    this.#spending = new Spending(state, ports)
  }

  get runningTurn(): TurnId | undefined {
    return this.#running?.isOver() === false ? this.#running.turnId : undefined
  }

  /** Between a turn's end in the log and the moment when another may begin. */
  get isLettingGo(): boolean {
    return this.#running?.isOver() === true
  }

  /** Resolves when the turn has let go of the session, and what waited for its end has begun. */
  async letGo(): Promise<void> {
    await this.#running?.done
  }

  /** Begins a turn. Resolves when its input is on disk; the turn goes on by itself. */
  async start({ inputId, input, source, with: more, causedBy }: Submitted): Promise<TurnId> {
    if (this.#isEnded) throw new SkeinError("session.closed", "Cannot start a turn: the session is closed.")
    if (this.#running !== undefined) throw new Error("One turn at a time")
    const turnId = this.#ports.random.id("trn")
    const how = this.#state.settings.dryRun === true ? { isDryRun: true } : {}
    const started = { type: "turn.started", turnId, inputId, input, source, ...how } as const
    const stop = new AbortController()
    const begun = this.#writer.emit([started, ...(more?.(turnId) ?? [])], { causedBy })
    this.#run(turnId, stop, begun)
    await begun
    this.#writer.flushSoon()
    await this.#writer.settled()
    return turnId
  }

  /** Goes on with a turn that a crash left waiting for a person. */
  resume(): void {
    const turn = this.#state.turn
    if (turn === undefined || this.#running !== undefined || this.#isEnded) return
    this.#run(turn.turnId, new AbortController(), Promise.resolve())
  }

  /**
   * Begins what waits, when the turn it waited for has let go: it may have looked for what waits, and let go, while that
   * was being written. After an interrupt the person says when.
   */
  async startWaiting(): Promise<void> {
    if (this.#running !== undefined || this.#wasStopped) return
    await this.#startQueued()
  }

  /**
   * Work on the session that is no turn, and needs what a turn needs. An interrupt stops it; input that comes meanwhile
   * waits. Throws SkeinError `turn.busy` while a turn runs.
   */
  async aside<T>(work: (ports: TurnPorts) => Promise<T>): Promise<T> {
    while (this.isLettingGo) await this.letGo()
    if (this.#running !== undefined) {
      throw new SkeinError("turn.busy", "A turn is running. Interrupt it first, or wait for its end.")
    }
    const stop = new AbortController()
    this.#aside = stop
    try {
      await this.#spending.lookUp()
      return await work(this.#turnPorts(stop.signal))
    } finally {
      this.#aside = undefined
    }
  }

  /** Whether somebody is there to answer. */
  get isAttended(): boolean {
    return this.#clients.whoAnswers("approval") !== undefined
  }

  /** See `TurnPorts.spent`. */
  get spent(): Spent {
    return this.#spending.now()
  }

  get isBusyAside(): boolean {
    return this.#aside !== undefined
  }

  /** Stops the running turn, without waiting. What waits for its end then waits for a person. */
  stop(reason = byPerson()): void {
    this.#running?.stop.abort(reason)
    this.#aside?.abort(reason)
  }

  /** Stops the running turn and waits until it is settled. */
  async interrupt(reason?: SkeinError): Promise<void> {
    this.stop(reason)
    await this.#running?.done
  }

  /** The same, and none begins any more. */
  async end(why: Closing | undefined): Promise<void> {
    this.#isEnded = true
    await this.interrupt(byClosing(why))
  }

  /** Cancels one call; false when it is not running. */
  cancelCall(callId: CallId): boolean {
    const call = this.#calls.get(callId)
    call?.abort(new SkeinError("call.cancelled", "Cancelled."))
    return call !== undefined
  }

  #run(turnId: TurnId, stop: AbortController, begun: Promise<unknown>): void {
    const { turnsEnded } = this.#state
    const isOver = () => this.#state.turnsEnded > turnsEnded
    this.#running = { turnId, stop, isOver, done: this.#live(stop, begun) }
  }

  async #live(stop: AbortController, begun: Promise<unknown>): Promise<void> {
    try {
      await this.#drive(stop.signal, begun)
    } catch (error) {
      await this.#broken(error, stop)
    }
    // Before another turn can begin: it is a moment at which nothing is open.
    await this.#rested()
    this.#running = undefined
    this.#writer.tell({ type: "session.status", status: "idle" })
    this.#wasStopped = stop.signal.aborted
    if (!this.#wasStopped) await this.#startQueued()
  }

  /** What fails there keeps no turn from beginning. */
  async #rested(): Promise<void> {
    try {
      await this.#ports.onIdle()
    } catch (error) {
      this.#ports.onDefect(error)
    }
  }

  async #drive(signal: AbortSignal, begun: Promise<unknown>): Promise<void> {
    await begun
    this.#writer.tell({ type: "session.status", status: "running" })
    const ports = this.#turnPorts(signal)
    // The input is on disk before anything leaves for a provider; meanwhile the context is gathered.
    await Promise.all([this.#writer.settled(), loadContext(this.#state, ports), this.#spending.lookUp()])
    await this.#writer.settled()
    if (this.#state.settings.routing !== undefined && this.#state.turn?.isOwnCall !== true) {
      await (await import("../routing/route.ts")).routeTurn(this.#state, ports)
    }
    await runTurn(this.#state, ports)
  }

  /** A defect of ours, or a log that cannot be written: the turn ends loudly, all that is open in it with it. */
  async #broken(error: unknown, stop: AbortController): Promise<void> {
    stop.abort(error)
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof SkeinError ? error.code : "internal.defect"
    try {
      if (!this.#writer.isFailed) {
        await this.#writer.emit(closing(this.#state, { kind: "failed", code, message }), { flush: true })
      }
    } finally {
      this.#ports.onDefect(error)
    }
  }

  /** What waited for the turn's end goes next; after an interrupt the person says when. */
  async #startQueued(): Promise<void> {
    const next = this.#state.queue[0]
    if (next === undefined || this.#isEnded || this.#writer.isFailed) return
    try {
      await this.start({ inputId: next.inputId, input: next.input, source: "queue" })
    } catch (error) {
      this.#ports.onDefect(error)
    }
  }

  #turnPorts(signal: AbortSignal): TurnPorts {
    const { model, tools, policy, sources, checkpoints, sessions } = this.#ports
    const { clock, random, tokens, limits, retry, audit, layers, onDefect } = this.#ports
    // At every judgement: what is denied elsewhere meanwhile, as in another terminal, is denied here too.
    const rules = () => this.#ports.rulesFor(this.#state.created.workspace.path)
    // Those that cannot be read end the turn before a model is asked.
    rules()
    const writer = this.#writer
    return {
      ...{ model, tools, policy, sources, checkpoints, sessions, clock, random, tokens },
      ...{ limits, retry, audit, layers, signal, onDefect },
      ...choosing(this.#state, this.#ports),
      spent: () => this.spent,
      weighed: () => this.#spending.weighed(),
      rules,
      isAttended: () => this.isAttended,
      emit: async (drafts, options) => void (await writer.emit(drafts, options)),
      tell: (draft) => writer.tell(draft),
      flushSoon: () => writer.flushSoon(),
      settled: () => writer.settled(),
      ask: (question, callSignal, decisionNow) => this.#ask(question, callSignal, decisionNow),
      askClient: (request) => this.#clients.request(request),
      callSignal: (callId) => this.#callSignal(callId, signal),
    }
  }

  async #ask(...[question, signal, decisionNow]: Parameters<TurnPorts["ask"]>) {
    if (signal.aborted) throw signal.reason
    // Waited for before it is told: an answer may come with the very event.
    const answered = this.#approvals.wait(question.approvalId, signal, decisionNow)
    // When the question cannot be written, nobody comes to wait for its answer.
    answered.catch(() => undefined)
    await this.#writer.emit([question], { flush: true })
    if (this.#clients.whoAnswers("approval") === undefined) await this.#approvals.withdrawAll()
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
    return { signal: call.signal, abort: (reason: unknown) => call.abort(reason), done }
  }
}
