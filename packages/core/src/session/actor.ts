import {
  type Closing,
  type ProcessSaid,
  type Query,
  type Receipt,
  SkeinError,
  type SubagentReport,
} from "@skein/protocol"
import type { Above } from "../agents/kin.ts"
import { byClosing } from "../calls/interruption.ts"
import type { SessionHooks, SessionOrigin } from "../hooks/session-hooks.ts"
import type { LogPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { aboveOf } from "./above.ts"
import { Accepting } from "./accepting.ts"
import { Approvals } from "./approvals.ts"
import { AsChild } from "./as-child.ts"
import { Beside } from "./beside.ts"
import { BetweenTurns } from "./between.ts"
import { Clients } from "./clients.ts"
import { droppedBy } from "./dropped.ts"
import { type Followed, follow } from "./follow.ts"
import type { Behind } from "./hub.ts"
import { Inputs } from "./inputs.ts"
import { withoutKnown } from "./left-behind.ts"
import { Offspring } from "./offspring.ts"
import { People } from "./people.ts"
import { eventOf, isPlain } from "./plain-ops.ts"
import { Receipts, rejected } from "./receipts.ts"
import { answerEntry, recordSettings, trustEntry } from "./record.ts"
import { recovery, unseen } from "./resume.ts"
import { SessionRules } from "./rules.ts"
import { isAside, type SessionOp } from "./session-op.ts"
import { sessionsFor } from "./sessions.ts"
import { Shells } from "./shells.ts"
import { Turns } from "./turns.ts"
import type { ActorPorts } from "./when-full.ts"
import { SessionWriter } from "./writer.ts"

/** One open session: takes ops one at a time, runs its turns, tells its readers. */
export class SessionActor {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly clients: Clients
  readonly hooks: SessionHooks
  readonly #log: LogPort
  readonly #ports: ActorPorts
  readonly #approvals: Approvals
  readonly #turns: Turns
  readonly #between: BetweenTurns
  readonly #people: People
  readonly #shells: Shells
  readonly #beside: Beside
  readonly #inputs: Inputs
  readonly #accepting: Accepting
  readonly #offspring: Offspring
  /** What this session is for its children, and for its parent. */
  readonly asParent: Above
  readonly asChild: AsChild
  readonly #receipts = new Receipts()
  #closing: Promise<void> | undefined
  /** Ops change the session one after the other. */
  #lane: Promise<unknown> = Promise.resolve()

  constructor(state: SessionState, log: LogPort, ports: ActorPorts, origin?: SessionOrigin) {
    this.state = state
    this.#log = log
    this.#ports = ports
    this.writer = new SessionWriter(state, log, ports)
    this.clients = new Clients({ ...ports, tell: (draft) => this.writer.tell(draft) })
    this.#approvals = new Approvals(async (draft, causedBy) => {
      const asked = state.approvals.get(draft.approvalId)
      if (draft.by === "policy" && draft.answer !== "withdrawn" && asked !== undefined) {
        await ports.audit.record(answerEntry(state, asked, draft.answer, ports.clock.now(), "policy"))
      }
      const [event] = await this.writer.emit([draft], { flush: true, causedBy })
      if (event?.type !== "approval.resolved") throw new Error("The writer gives back what it wrote")
      return event
    })
    const sessions = sessionsFor(state, ports)
    this.#shells = new Shells({ state, ports, sessions, writer: this.writer, turns: () => this.#turns })
    this.#between = new BetweenTurns({
      ...{ state, log, ports, writer: this.writer },
      ...{ turns: () => this.#turns, isShellRunning: () => this.#shells.isBusy },
    })
    this.#beside = new Beside({ state, writer: this.writer, ports })
    const { processesFor, processesSeen } = this.#beside
    const onIdle = () => this.#between.rest()
    const offspring = new Offspring({
      ...{ state, writer: this.writer, ports, family: ports.family },
      onAsking: () => this.#turns.tellStatus(),
    })
    this.#offspring = offspring
    const above = () => this.asChild.above
    const turnsPorts = { ...ports, sessions, onIdle, offspring, above, processesFor, processesSeen, origin }
    this.#turns = new Turns(state, this.writer, this.#approvals, this.clients, turnsPorts)
    this.hooks = this.#turns.hooks
    const rules = new SessionRules(state, this.writer, ports)
    this.#accepting = new Accepting(state, this.writer)
    this.#inputs = new Inputs({
      ...{ state, ports, writer: this.writer, turns: this.#turns, shells: this.#shells },
      ...{ accepting: this.#accepting, inLane: (work) => this.#inLane(work) },
    })
    const kin = { state, ports, rules, approvals: this.#approvals, turns: this.#turns, offspring, above }
    this.#people = new People(kin)
    this.asParent = aboveOf(kin)
    this.asChild = new AsChild({
      ...{ state, ports, writer: this.writer, turns: this.#turns, inputs: this.#inputs, offspring },
      ...{ approvals: this.#approvals, inLane: (work) => this.#inLane(work), take: (op) => this.take(op) },
    })
  }

  /** Puts right what the last writer left open. */
  async recover(): Promise<void> {
    const { checkpoints } = this.#ports
    const left =
      unseen(this.state, undefined).length === 0 ? undefined : await checkpoints.leftBehind?.(this.state.sessionId)
    const own =
      left === undefined
        ? undefined
        : await withoutKnown(left, this.state, () => this.#ports.logs.read(this.state.sessionId))
    await this.writer.emit(recovery(this.state, own), { flush: true })
    left?.recorded()
    await this.#offspring.recover()
  }

  /** Its children as they stand, for lists. */
  get children(): readonly SubagentReport[] {
    return this.#offspring.statuses()
  }

  /** Takes an op. The same op again gets the same receipt and does nothing. */
  take(op: SessionOp): Promise<Receipt> {
    const { opId } = op
    const known = this.#receipts.of(opId)
    if (known !== undefined) return known
    const taken = opId === undefined ? undefined : this.state.opsTaken.get(opId)
    if (taken !== undefined) return Promise.resolve({ ...this.#accepting.now(), ...taken })
    const receipt = isAside(op) ? this.#perform(op) : op.type === "shell.run" ? this.#begun(op) : this.#laned(op)
    this.#receipts.keep(opId, receipt)
    return receipt
  }

  /** The session's events from now on, and from a durable cursor before; see `Engine.events`. */
  read(from: number | undefined): Followed {
    // Taken together, now: what happens before the first read is in the reader, and in nothing else.
    const reader = this.writer.hub.open()
    const last = this.state.seq
    const snapshot = this.writer.snapshot()
    const past = async ({ from, to }: Behind) => {
      const events = await this.#ports.logs.read(this.state.sessionId, from)
      return events.filter((event) => event.seq <= to)
    }
    return follow(reader, past, { from: from ?? last + 1, to: last }, snapshot)
  }

  /** Settles the running turn, then lets go of the log, even of one that can no longer be written. */
  close(why?: Closing): Promise<void> {
    this.#closing ??= this.#close(why)
    return this.#closing
  }

  /** Nothing can be written any more; opened again, it may be. */
  get isFailed(): boolean {
    return this.writer.isFailed
  }

  async #close(why: Closing | undefined): Promise<void> {
    try {
      await Promise.all([this.#turns.end(why), this.#shells.end(why), this.#offspring.end(byClosing(why))])
      await this.#beside.end()
      await this.#between.end(why)
      await this.writer.settled()
      await this.#between.savePoint()
    } finally {
      this.writer.hub.end()
      await this.#log.close()
    }
  }

  #laned(op: SessionOp): Promise<Receipt> {
    return this.#inLane(() => this.#perform(op))
  }

  /** Begins when what changes the session lets it, and keeps nothing else waiting until it runs. */
  async #begun(op: SessionOp): Promise<Receipt> {
    const { receipt } = await this.#inLane(async () => ({ receipt: this.#perform(op) }))
    return receipt
  }

  #inLane<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lane.then(work)
    // Whoever submitted is told; the next op takes its turn all the same.
    this.#lane = result.catch(() => undefined)
    return result
  }

  async #perform(op: SessionOp): Promise<Receipt> {
    try {
      return await this.#dispatch(op)
    } catch (error) {
      if (error instanceof SkeinError) return rejected(error.code, error.message)
      throw error
    }
  }

  async #dispatch(op: SessionOp): Promise<Receipt> {
    if (this.#closing !== undefined && op.type !== "session.close") {
      return rejected("session.closed", `Session ${this.state.sessionId} is being closed. Try again.`)
    }
    if (isPlain(op)) {
      const draft = eventOf(op, this.state, this.#ports)
      if (draft.type === "settings.changed") this.asChild.mustNotWiden(draft.changes)
      if (draft.type === "settings.changed") await recordSettings(this.state.sessionId, draft.changes, this.#ports)
      if (draft.type === "trust.decided") {
        await this.#ports.audit.record(trustEntry(this.state.sessionId, draft, this.#ports.clock.now()))
      }
      return this.#accepting.write([draft, ...droppedBy(draft, this.state, this.#ports.model)], op.opId)
    }
    const parts = { state: this.state, ports: this.#ports, accepting: this.#accepting }
    switch (op.type) {
      case "turn.submit":
        return this.#inputs.submit(op)
      case "call.make":
        return this.#inputs.make(op)
      case "turn.interrupt":
        return this.#inputs.interrupt(op)
      case "session.rewind":
        await this.#between.rewind(op)
        return this.#accepting.now()
      case "context.compact":
        await this.#between.compact(op)
        return this.#accepting.note(op.opId)
      case "topics.find":
        await this.#between.topics()
        return this.#accepting.note(op.opId)
      case "approval.answer":
        return (await this.#people.answer(op)) ?? this.#accepting.now()
      case "rule.add":
        await this.#people.addRule(op)
        return this.#accepting.now()
      case "rule.remove":
        await this.#people.removeRule(op)
        return this.#accepting.now()
      case "call.cancel":
        if (!this.#turns.calls.cancel(op.callId) && !this.#shells.cancel(op.callId))
          return rejected("op.invalid", `No call ${op.callId} is running.`)
        return this.#accepting.note(op.opId)
      case "call.background":
        if (!this.#turns.calls.background(op.callId))
          return rejected("op.invalid", `No call ${op.callId} is running that could go on in the background.`)
        return this.#accepting.note(op.opId)
      case "process.input":
      case "process.resize":
      case "process.signal":
      case "process.close":
      case "process.end":
        return (await this.#beside.perform(op)) ?? this.#accepting.now()
      case "client.attach":
        this.clients.attach(op.clientId, op.answers)
        // A turn that a crash left waiting for an approval is asked again, now that somebody answers.
        if (op.answers.includes("approval")) {
          this.asChild.resume()
          this.#offspring.resume().catch(this.#ports.onDefect)
        } else await this.asChild.withdrawUnattended()
        return this.#accepting.now()
      case "client.detach":
        this.clients.detach(op.clientId)
        await this.asChild.withdrawUnattended()
        return this.#accepting.now()
      case "client.answer":
        if (this.clients.answer(op.clientId, op.requestId, op.result, op.error)) return this.#accepting.now()
        return rejected("op.invalid", `Client ${op.clientId} was not asked ${op.requestId}, or answered already.`)
      case "shell.run":
        return this.#shells.begin(op)
      case "files.revert":
        await this.#between.revert(op)
        return this.#accepting.now()
      case "agent.spawn":
      case "agent.say":
      case "agent.stop":
        return (await import("../agents/person.ts")).performAgentOp(op, { ...parts, offspring: this.#offspring })
      case "session.close":
        if (!this.asChild.isKept) await this.close(op.why)
        return this.#accepting.now()
    }
    return (await import("./mcp.ts")).performMcpOp(op, { ...parts, turns: this.#turns })
  }

  /** What a session that goes on elsewhere has to know of this one. Throws SkeinError `turn.busy`. */
  handoff(goal: string | undefined): Promise<string> {
    return this.#inLane(() => this.#between.handoff(goal))
  }

  /** See the query of this name. */
  processOutput(asked: Extract<Query, { type: "process.output" }>): Promise<ProcessSaid | undefined> {
    return this.#beside.output(asked)
  }
}
