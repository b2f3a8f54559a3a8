import {
  type DurableDraft,
  type ErrorCode,
  type Event,
  type InputId,
  type Op,
  type OpId,
  type Receipt,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import type { LogPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { Approvals } from "./approvals.ts"
import { Clients } from "./clients.ts"
import type { Reader } from "./hub.ts"
import type { EnginePorts } from "./ports.ts"
import { closing, recovery } from "./resume.ts"
import { Turns } from "./turns.ts"
import { SessionWriter } from "./writer.ts"

/** Ops addressed to a session that exists. */
export type SessionOp = Exclude<Op, { type: "session.create" }>

/** One open session: takes ops one at a time, runs its turns, tells its readers. */
export class SessionActor {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly clients: Clients
  readonly #log: LogPort
  readonly #ports: EnginePorts
  readonly #approvals: Approvals
  readonly #turns: Turns
  readonly #receipts = new Map<OpId, Promise<Receipt>>()
  /** Ops change the session one after the other. */
  #lane: Promise<unknown> = Promise.resolve()

  constructor(state: SessionState, log: LogPort, ports: EnginePorts) {
    this.state = state
    this.#log = log
    this.#ports = ports
    this.writer = new SessionWriter(state, log, ports)
    this.clients = new Clients({ ...ports, tell: (draft) => this.writer.tell(draft) })
    this.#approvals = new Approvals(async (draft) => {
      const [event] = await this.writer.emit([draft], { flush: true })
      if (event?.type !== "approval.resolved") throw new Error("The writer gives back what it wrote")
      return event
    })
    const hasAnswerer = () => this.clients.whoAnswers("approval") !== undefined
    this.#turns = new Turns(state, this.writer, this.#approvals, hasAnswerer, ports)
  }

  /** Puts right what the last writer left open. */
  async recover(): Promise<void> {
    await this.writer.emit(recovery(this.state), { flush: true })
  }

  /** Takes an op. The same op again gets the same receipt and does nothing. */
  take(op: SessionOp): Promise<Receipt> {
    const { opId } = op
    const known = opId === undefined ? undefined : this.#receipts.get(opId)
    if (known !== undefined) return known
    if (opId !== undefined && this.state.opsTaken.has(opId)) return Promise.resolve(this.#accepted())
    const receipt = isAside(op) ? this.#perform(op) : this.#inLane(() => this.#perform(op))
    if (opId !== undefined) this.#receipts.set(opId, receipt)
    return receipt
  }

  /** The session's events from now on, and from a durable cursor before; see `Engine.events`. */
  read(from: number | undefined): AsyncIterable<Event> {
    // Taken together, now: what happens before the first read is in the reader, and in nothing else.
    const reader = this.writer.hub.open()
    const last = this.state.seq
    const snapshot = this.writer.snapshot()
    const past = async () => {
      const events = from === undefined ? [] : await this.#ports.logs.read(this.state.sessionId, from)
      return events.filter((event) => event.seq <= last)
    }
    return follow(reader, past, snapshot)
  }

  async close(): Promise<void> {
    await this.#turns.interrupt()
    await this.writer.settled()
    this.writer.hub.end()
    await this.#log.close()
  }

  #inLane<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lane.then(work)
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
    switch (op.type) {
      case "turn.submit":
        return this.#submit(op)
      case "turn.interrupt":
        return this.#interrupt(op)
      case "session.change": {
        const { title, labels, isArchived, opId } = op
        return this.#write({ type: "session.changed", title, labels, isArchived }, opId)
      }
      case "settings.change":
        if (op.changes.model !== undefined) this.#ports.model.describe(op.changes.model)
        return this.#write({ type: "settings.changed", changes: op.changes }, op.opId)
      case "input.edit":
        this.#mustBeQueued(op.inputId)
        return this.#write({ type: "input.edited", inputId: op.inputId, input: op.input }, op.opId)
      case "input.cancel":
        this.#mustBeQueued(op.inputId)
        return this.#write({ type: "input.cancelled", inputId: op.inputId }, op.opId)
      case "approval.answer":
        return this.#answer(op)
      case "call.cancel":
        if (!this.#turns.cancelCall(op.callId)) return rejected("op.invalid", `No call ${op.callId} is running.`)
        return this.#accepted()
      case "client.attach":
        this.clients.attach(op.clientId, op.answers)
        // A turn that a crash left waiting for an approval is asked again, now that somebody answers.
        if (op.answers.includes("approval")) this.#turns.resume()
        return this.#accepted()
      case "client.detach":
        this.clients.detach(op.clientId)
        if (this.clients.whoAnswers("approval") === undefined) await this.#approvals.withdrawAll()
        return this.#accepted()
      case "client.answer":
        if (this.clients.answer(op.clientId, op.requestId, op.result, op.error)) return this.#accepted()
        return rejected("op.invalid", `Client ${op.clientId} was not asked ${op.requestId}, or answered already.`)
      case "session.close":
        await this.close()
        return this.#accepted()
    }
  }

  async #submit(op: Op<"turn.submit">): Promise<Receipt> {
    const running = this.#turns.runningTurn
    if (op.expectedTurnId !== undefined && op.expectedTurnId !== running) {
      return rejected("turn.mismatch", `The running turn is ${running ?? "none"}, not ${op.expectedTurnId}.`)
    }
    const inputId = op.inputId ?? this.#ports.random.id("inp")
    if (running === undefined) return this.#start(inputId, op)
    if (op.delivery === "start") {
      return rejected("turn.busy", "A turn is running. Steer it, queue this for afterwards, or interrupt it first.")
    }
    const { delivery, input, opId } = op
    const receipt = await this.#write({ type: "input.queued", inputId, delivery, input }, opId)
    const queue = this.state.queue.map((queued) => queued.inputId)
    this.writer.tell({ type: "queue.changed", queue })
    return { ...receipt, inputId, turnId: running, as: delivery === "steer" ? "steered" : "queued" }
  }

  async #start(inputId: InputId, op: Op<"turn.submit">): Promise<Receipt> {
    // Known to be askable before anything is written: a model without a key is the person's to mend, not a failed turn.
    this.#ports.model.describe(this.state.settings.model)
    if (this.state.turn !== undefined) await this.writer.emit(closing(this.state), { flush: true })
    const turnId = await this.#turns.start({ inputId, input: op.input, source: "user", causedBy: op.opId })
    return { ...this.#accepted(), turnId, inputId, as: "started" }
  }

  async #interrupt(op: Op<"turn.interrupt">): Promise<Receipt> {
    const running = this.#turns.runningTurn
    if (running === undefined) return rejected("turn.not_running", "No turn is running.")
    if (op.turnId !== undefined && op.turnId !== running) {
      return rejected("turn.mismatch", `The running turn is ${running}, not ${op.turnId}.`)
    }
    await this.#turns.interrupt()
    return { ...this.#accepted(), turnId: running as TurnId }
  }

  async #answer(op: Op<"approval.answer">): Promise<Receipt> {
    const asked = this.state.approvals.get(op.approvalId)
    if (asked === undefined || !this.#approvals.has(op.approvalId)) {
      return rejected("approval.not_found", `Approval ${op.approvalId} is not open: it was answered or withdrawn.`)
    }
    const proposed = asked.always === undefined ? [] : [asked.always]
    const rules = op.answer === "allow_always" ? (op.rules ?? proposed) : []
    await this.#approvals.answer(op)
    if (rules.length > 0) {
      const added = rules.map((rule): DurableDraft => ({ type: "rule.added", rule: { ...rule, scope: "session" } }))
      await this.writer.emit(added, { causedBy: op.opId })
      await this.#approvals.rejudge()
    }
    return this.#accepted()
  }

  async #write(draft: DurableDraft, causedBy: OpId | undefined): Promise<Accepted> {
    await this.writer.emit([draft], { flush: true, causedBy })
    return this.#accepted()
  }

  #mustBeQueued(inputId: InputId): void {
    if (this.state.queue.some((queued) => queued.inputId === inputId)) return
    throw new SkeinError("input.not_found", `Input ${inputId} is not waiting: it was taken or cancelled.`)
  }

  #accepted(): Accepted {
    return { status: "accepted", sessionId: this.state.sessionId, seq: this.state.seq }
  }
}

async function* follow(reader: Reader, past: () => Promise<readonly Event[]>, snapshot: Event): AsyncGenerator<Event> {
  try {
    yield* await past()
    yield snapshot
    for (let burst = await reader.take(); burst !== undefined; burst = await reader.take()) yield* burst
  } finally {
    reader.close()
  }
}

type Accepted = Extract<Receipt, { status: "accepted" }>

/** Ops that must reach a session whose lane is taken: they stop or answer what the lane waits for. */
function isAside(op: SessionOp): boolean {
  return (
    op.type === "turn.interrupt" ||
    op.type === "approval.answer" ||
    op.type === "call.cancel" ||
    op.type.startsWith("client.")
  )
}

export function rejected(code: ErrorCode, message: string): Receipt {
  return { status: "rejected", code, message }
}
