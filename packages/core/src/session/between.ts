import { type Closing, type Op, SkeinError } from "@skein/protocol"
import type { LogPort } from "../ports/index.ts"
import { freeze } from "../transcript/point.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import type { Turns } from "./turns.ts"
import { type ActorPorts, handedOver, shouldHandOver } from "./when-full.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly log: LogPort
  readonly writer: SessionWriter
  /** Known once both are made: each needs the other. */
  readonly turns: () => Turns
  /** Whether a command of the person's own runs. */
  readonly isShellRunning: () => boolean
  readonly ports: ActorPorts
}

/** A point is worth its writing when so many events would have to be folded again. */
const EVENTS_BETWEEN_POINTS = 200

/** After a turn, before anything is asked that nobody asked for. */
const QUIET_MS = 500

/** What is done to a session between its turns, each loaded when it is asked for. Throws SkeinError `turn.busy` while one runs. */
export class BetweenTurns {
  readonly #parts: Parts
  #pointSeq: number
  /** Aborts when another rest begins, or none does any more. */
  #resting = new AbortController()
  #kept: Promise<void> | undefined
  /** Ends what nobody asked for and nobody waits for. */
  readonly #quiet = new AbortController()
  /** A name is sought once; undefined until then. */
  #named: Promise<void> | undefined
  #suggested: Promise<unknown> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#pointSeq = parts.log.point?.seq ?? 0
  }

  async rewind(op: Op<"session.rewind">): Promise<void> {
    // What waits for the newest turn's end begins first, and then a turn runs.
    while (this.#parts.turns().isLettingGo) await this.#parts.turns().letGo()
    this.#mustBeIdle()
    this.#mustRunNoShell()
    const { rewindSession } = await import("./rewind.ts")
    await rewindSession(op, this.#parts)
    // One behind it would be of no use.
    await this.savePoint(1)
  }

  async revert(op: Op<"files.revert">): Promise<void> {
    while (this.#parts.turns().isLettingGo) await this.#parts.turns().letGo()
    this.#mustBeIdle()
    this.#mustRunNoShell()
    const { revertHunk } = await import("./revert.ts")
    await revertHunk(op, this.#parts)
  }

  async compact(op: Op<"context.compact">): Promise<void> {
    this.#mustBeIdle()
    this.#mustRunNoShell()
    const { state, turns } = this.#parts
    const work = async (ports: TurnPorts) => {
      // Who asked for it knows it by that, in the log too.
      const emit: TurnPorts["emit"] = (drafts, options) => ports.emit(drafts, { ...options, causedBy: op.opId })
      return (await import("../turn/compact.ts")).compactNow(state, op, { ...ports, emit })
    }
    const isDone = await turns().aside(work)
    if (!isDone) throw new SkeinError("call.cancelled", "Interrupted. The conversation is as it was.")
  }

  /** What a session that goes on elsewhere has to know of this one. */
  async handoff(goal: string | undefined): Promise<string> {
    this.#mustBeIdle()
    const { state, turns } = this.#parts
    const work = async (ports: TurnPorts) => (await import("../turn/handoff.ts")).handoffText(state, goal, ports)
    return (await turns().aside(work)).text
  }

  /** What the session is about, into its log. */
  async topics(): Promise<void> {
    this.#mustBeIdle()
    const { state, turns } = this.#parts
    await turns().aside(async (ports) => (await import("./topics.ts")).findTopics(state, ports))
  }

  /** In the background, for as long as nothing happens. */
  #keepAlive(): void {
    const { ports } = this.#parts
    const { signal } = this.#resting
    const isBusy = () => this.#isBusy()
    if ((ports.keepAliveMs ?? 0) <= 0) return
    this.#kept = import("./keep-alive.ts")
      .then(({ keepAlive }) => keepAlive({ ...this.#parts, ports: this.#asking, isBusy }, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) ports.onDefect(error)
      })
  }

  /** A turn has ended, and none has begun. */
  async rest(): Promise<void> {
    this.#resting.abort()
    this.#resting = new AbortController()
    this.#keepAlive()
    this.#tellIdle()
    await this.savePoint(EVENTS_BETWEEN_POINTS)
    this.#nameSoon()
    this.#suggestSoon()
    if (shouldHandOver(this.#parts.state, this.#parts.ports)) void this.#handOver()
  }

  /** Nothing more is begun, and what was begun is in the log. */
  async end(why: Closing | undefined): Promise<void> {
    this.#quiet.abort()
    this.#resting.abort()
    await Promise.all([this.#named, this.#suggested, this.#kept, this.#parts.turns().hooks.end(why)])
  }

  /** Hooks tell a person who is waited for. */
  #tellIdle(): void {
    const { turns, state } = this.#parts
    const { turnsEnded } = state
    const isIdle = () => !this.#isBusy() && state.turnsEnded === turnsEnded
    if (turns().isAttended) turns().hooks.idle(this.#resting.signal, isIdle)
  }

  #isBusy(): boolean {
    return this.#parts.state.turn !== undefined || this.#parts.turns().runningTurn !== undefined
  }

  /** So that the next opening folds only what comes after. */
  async savePoint(eventsMin = EVENTS_BETWEEN_POINTS / 4): Promise<void> {
    const { state, log, writer, ports } = this.#parts
    if (writer.isFailed || state.turn !== undefined || state.seq - this.#pointSeq < eventsMin) return
    this.#pointSeq = state.seq
    await log.savePoint(freeze(state, ports.version))
  }

  /** Nobody waits for it; and where nobody is there to read it, none is sought. */
  #nameSoon(): void {
    const { state, turns, ports } = this.#parts
    const isNamed =
      state.title !== undefined ||
      state.created.agent !== undefined ||
      this.#named !== undefined ||
      this.#quiet.signal.aborted
    if (isNamed || !turns().isAttended || state.lastOutcome?.kind !== "completed") return
    this.#named = this.#name().catch(ports.onDefect)
  }

  /** What comes too late for the person is not shown. */
  #suggestSoon(): void {
    const { state, turns, writer, ports } = this.#parts
    const isChild = state.created.agent !== undefined
    if (isChild || this.#quiet.signal.aborted || !turns().isAttended || state.lastOutcome?.kind !== "completed") return
    const { turnsEnded } = state
    const suggest = async () => {
      if (!(await this.#isStillOpen())) return
      const { suggestion } = await import("./suggest.ts")
      const { text, spent } = await suggestion(state, this.#asking, this.#quiet.signal)
      await writer.emit(spent)
      const isStillNext = state.turn === undefined && state.turnsEnded === turnsEnded
      if (text !== undefined && isStillNext) writer.tell({ type: "suggestion.made", text })
    }
    // The one before may still be asking.
    this.#suggested = Promise.all([this.#suggested, suggest().catch(ports.onDefect)])
  }

  /** What asking beside the turns takes. */
  get #asking() {
    const { ports, turns } = this.#parts
    return { ...ports, spent: () => turns().spent }
  }

  /** Whoever answers by itself and leaves with its turn, as `-p --yes` does, is no person who would read it. */
  #isStillOpen(): Promise<boolean> {
    return this.#parts.ports.clock.sleep(QUIET_MS, this.#quiet.signal).then(
      () => true,
      () => false,
    )
  }

  async #name(): Promise<void> {
    const { state, writer } = this.#parts
    await this.#isStillOpen()
    const drafts = (await (await import("./title.ts")).titleOf(state, this.#asking, this.#quiet.signal)) ?? []
    // The person may have said one meanwhile; what was spent is spent.
    const kept = state.title === undefined ? drafts : drafts.filter(({ type }) => type === "usage.recorded")
    await writer.emit(kept)
  }

  /** The person chose that a conversation goes on elsewhere when it is nearly full. */
  async #handOver(): Promise<void> {
    const { state, writer, ports } = this.#parts
    try {
      await writer.emit([handedOver(await ports.handOver(state.sessionId))], { flush: true })
    } catch (error) {
      ports.onDefect(error)
    }
  }

  #mustRunNoShell(): void {
    if (!this.#parts.isShellRunning()) return
    throw new SkeinError("turn.busy", "A command of yours is running. Stop it first, or wait for its end.")
  }

  #mustBeIdle(): void {
    const { state, turns } = this.#parts
    if (turns().runningTurn === undefined && state.turn === undefined) return
    throw new SkeinError("turn.busy", "A turn is running. Interrupt it first, or wait for its end.")
  }
}
