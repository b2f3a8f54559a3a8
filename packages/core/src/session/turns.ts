import {
  type Closing,
  type DurableDraft,
  type InputId,
  type InputPart,
  type OpId,
  SkeinError,
  type TurnId,
  type TurnTerms,
} from "@skein/protocol"
import { byClosing, byPerson } from "../calls/interruption.ts"
import { loadContext } from "../context/load.ts"
import { SessionHooks } from "../hooks/session-hooks.ts"
import type { TurnHooks } from "../hooks/turn-hooks.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Spent } from "../turn/budget.ts"
import type { ClientQuestion, TurnPorts } from "../turn/ports.ts"
import { runTurn } from "../turn/run.ts"
import type { Approvals } from "./approvals.ts"
import { Asking } from "./asking.ts"
import type { Clients } from "./clients.ts"
import { closing } from "./resume.ts"
import { RunningCalls } from "./running-calls.ts"
import { Spending } from "./spending.ts"
import { beginning } from "./turn-beginning.ts"
import { portsOfTurn, type TurnsPorts } from "./turn-ports.ts"
import { untilStopped } from "./until-stopped.ts"
import type { SessionWriter } from "./writer.ts"

interface Submitted {
  readonly inputId: InputId
  readonly input: readonly InputPart[]
  readonly source: "user" | "queue" | "parent" | "call"
  readonly terms?: TurnTerms | undefined
  readonly taint?: readonly string[] | undefined
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

/** Runs a session's turns, one after the other, and stops them. */
export class Turns {
  readonly #state: SessionState
  readonly #writer: SessionWriter
  readonly #asking: Asking
  readonly #ports: TurnsPorts
  readonly #spending: Spending
  readonly hooks: SessionHooks
  /** What can be done to the calls of the running turn. */
  readonly calls = new RunningCalls()
  #running: Running | undefined
  /** Work on the session between turns, as a compaction that a person asked for. */
  #aside: AbortController | undefined
  /** Whether the newest turn that is over was interrupted. */
  #wasStopped = false
  #isEnded = false

  constructor(state: SessionState, writer: SessionWriter, approvals: Approvals, clients: Clients, ports: TurnsPorts) {
    this.#state = state
    this.#writer = writer
    const isRunning = () => this.runningTurn !== undefined
    const askClient = (question: ClientQuestion) => this.askClient(question)
    const isClientAsked = () => this.#asking.answers("hook")
    const hooks = new SessionHooks({ state, writer, ports, isClientAsked, askClient, origin: ports.origin })
    this.hooks = hooks
    const { offspring, above } = ports
    this.#asking = new Asking({ state, writer, approvals, clients, isRunning, hooks, offspring, above })
    this.#ports = ports
    this.#spending = new Spending(state, ports, {
      above: () => ports.above()?.present?.spent(),
      below: () => ports.offspring.spentNow().microUsd,
    })
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
  async start({ inputId, input, source, terms, taint = [], with: more, causedBy }: Submitted): Promise<TurnId> {
    if (this.#isEnded) throw new SkeinError("session.closed", "Cannot start a turn: the session is closed.")
    if (this.#running !== undefined) throw new Error("One turn at a time")
    const turnId = this.#ports.random.id("trn")
    const how = beginning(this.#state, this.#ports)
    const read = { ...(terms === undefined ? {} : { terms }), ...(taint.length === 0 ? {} : { taint }) }
    const begin = async (hooks: TurnHooks | undefined) => {
      // What a parent says, or a call that a person makes themselves, is no prompt of theirs.
      const isPrompt = source === "user" || source === "queue"
      const isUnchecked = isPrompt && hooks?.has("UserPromptSubmit") === true ? { isUnchecked: true } : {}
      const started = { type: "turn.started", turnId, inputId, input, source, ...how, ...read, ...isUnchecked } as const
      await this.#writer.emit([started, ...(more?.(turnId) ?? [])], { causedBy })
      return hooks
    }
    const stop = new AbortController()
    const begun = this.hooks.isAny ? this.hooks.of(turnId, stop.signal).then(begin) : begin(undefined)
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
    const stop = new AbortController()
    this.#run(turn.turnId, stop, this.hooks.of(turn.turnId, stop.signal))
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
      return await work(this.#turnPorts(stop.signal, await this.hooks.of(undefined, stop.signal)))
    } finally {
      this.#aside = undefined
    }
  }

  /** Whether somebody is there to answer. */
  get isAttended(): boolean {
    return this.#asking.isAttended
  }

  /** A client of this session, or of one above it, which is told who asks. */
  askClient(question: ClientQuestion): Promise<unknown> {
    return this.#asking.askClient(question)
  }

  /** Whether a client of this session, or of one above it, offered to answer this kind. */
  answers(kind: ClientQuestion["kind"]): boolean {
    return this.#asking.answers(kind)
  }

  /** Tells where the session is. */
  tellStatus(): void {
    this.#asking.tellStatus()
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

  #run(turnId: TurnId, stop: AbortController, begun: Promise<TurnHooks | undefined>): void {
    const { turnsEnded } = this.#state
    const isOver = () => this.#state.turnsEnded > turnsEnded
    this.#running = { turnId, stop, isOver, done: this.#live(stop, begun) }
  }

  async #live(stop: AbortController, begun: Promise<TurnHooks | undefined>): Promise<void> {
    try {
      await this.#drive(stop.signal, begun)
    } catch (error) {
      await this.#broken(error, stop)
    }
    // Before another turn can begin: it is a moment at which nothing is open.
    await this.#rested()
    this.#running = undefined
    this.tellStatus()
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

  async #drive(signal: AbortSignal, begun: Promise<TurnHooks | undefined>): Promise<void> {
    const hooks = await begun
    this.#writer.tell({ type: "session.status", status: "running" })
    const ports = this.#turnPorts(signal, hooks)
    // The input is on disk before anything leaves for a provider; meanwhile the context is gathered.
    const tools = untilStopped(this.#ports.tools.refresh?.(placeOf(this.#state)), signal)
    await Promise.all([this.#writer.settled(), loadContext(this.#state, ports), this.#spending.lookUp(), tools])
    await this.#writer.settled()
    const origin = this.hooks.begins()
    if (hooks !== undefined) {
      await (await import("../hooks/at-turn.ts")).beginTurn(this.#state, hooks, { origin, ports })
    }
    const { turn, settings } = this.#state
    if (
      settings.routing !== undefined &&
      turn?.isOwnCall !== true &&
      turn?.terms.model === undefined &&
      turn?.endedByHook === undefined
    ) {
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
      const { inputId, input, terms, taint } = next
      await this.start({ inputId, input, terms, taint, source: "queue" })
    } catch (error) {
      this.#ports.onDefect(error)
    }
  }

  /** Those of one turn, or of work beside the turns. */
  #turnPorts(signal: AbortSignal, hooks: TurnHooks | undefined): TurnPorts {
    const parts = { state: this.#state, ports: this.#ports, writer: this.#writer, calls: this.calls }
    return portsOfTurn({ ...parts, asking: this.#asking, spending: this.#spending }, signal, hooks)
  }
}
