import type { InputId, Op, Receipt, TurnId } from "@skein/protocol"
import { readCall } from "../calls/read.ts"
import { allowedBy } from "../context/request.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Accepting } from "./accepting.ts"
import { mustSaySomething } from "./plain-ops.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"
import { followFolder } from "./relocate.ts"
import { closing } from "./resume.ts"
import type { Shells } from "./shells.ts"
import type { Turns } from "./turns.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
  readonly turns: Turns
  readonly shells: Shells
  readonly accepting: Accepting
  /** After the ops that are being taken. */
  inLane<T>(work: () => Promise<T>): Promise<T>
}

/** What is said into a session, and how what it does about it is stopped. */
export class Inputs {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins a turn with it, or keeps it for the running one. Rejects with SkeinError where nothing could come of it. */
  async submit(op: Op<"turn.submit">): Promise<Receipt> {
    const { turns, ports, accepting } = this.#parts
    mustSaySomething(op.input)
    while (turns.isLettingGo) await turns.letGo()
    const running = turns.runningTurn
    if (op.expectedTurnId !== undefined && op.expectedTurnId !== running) {
      return rejected("turn.mismatch", `The running turn is ${running ?? "none"}, not ${op.expectedTurnId}.`)
    }
    const inputId = op.inputId ?? ports.random.id("inp")
    if (running === undefined) return this.#start(inputId, op)
    if (op.delivery === "start") {
      return rejected("turn.busy", "A turn is running. Steer it, queue this for afterwards, or interrupt it first.")
    }
    const { delivery, input, terms, opId } = op
    const more = terms === undefined ? {} : { terms }
    const receipt = await accepting.write([{ type: "input.queued", inputId, delivery, input, ...more }], opId)
    await turns.startWaiting()
    return { ...receipt, inputId, turnId: running, as: delivery === "steer" ? "steered" : "queued" }
  }

  /** What the parent of this session says to it: for its running turn, or as its next. Rejects with SkeinError. */
  async hear(text: string, taint: readonly string[]): Promise<Receipt> {
    const { turns, ports, accepting } = this.#parts
    const input = [{ type: "text", text } as const]
    mustSaySomething(input)
    while (turns.isLettingGo) await turns.letGo()
    const inputId = ports.random.id("inp")
    if (turns.runningTurn === undefined) {
      const turnId = await this.#begin({ inputId, input, source: "parent", taint })
      return { ...accepting.now(), turnId, inputId, as: "started" }
    }
    const read = taint.length === 0 ? {} : { taint }
    const receipt = await accepting.write(
      [{ type: "input.queued", inputId, delivery: "steer", input, ...read }],
      undefined,
    )
    await turns.startWaiting()
    return { ...receipt, inputId, as: "steered" }
  }

  /** Begins the turn of a call that a person makes. Rejects with SkeinError. */
  async make(op: Op<"call.make">): Promise<Receipt> {
    const { state, writer, ports, turns, accepting } = this.#parts
    while (turns.isLettingGo) await turns.letGo()
    if (turns.runningTurn !== undefined) return rejected("turn.busy", "A turn is running. Wait for its end first.")
    await followFolder(state, writer, ports)
    if (state.turn !== undefined) await writer.emit(closing(state), { flush: true })
    const { name, input } = op
    const callId = ports.random.id("cal")
    const place = placeOf(state)
    const call = { name, argumentsText: JSON.stringify(input ?? {}), isWhole: true }
    await ports.tools.ready?.(name, place)
    const read = readCall(call, { place, tools: ports.tools, allows: allowedBy(state) })
    const turnId = await turns.start({
      ...{ inputId: ports.random.id("inp"), source: "call", causedBy: op.opId },
      input: [{ type: "text", text: `I make this call myself: ${name} ${call.argumentsText}` }],
      with: (turnId) => [{ type: "call.requested", turnId, step: 1, callId, index: 0, name, ...read }],
    })
    return { ...accepting.now(), turnId, callId, as: "started" }
  }

  async #start(inputId: InputId, op: Op<"turn.submit">): Promise<Receipt> {
    const { input, terms, opId } = op
    const turnId = await this.#begin({ inputId, input, terms, source: "user", causedBy: opId })
    return { ...this.#parts.accepting.now(), turnId, inputId, as: "started" }
  }

  async #begin(submitted: Parameters<Turns["start"]>[0]): Promise<TurnId> {
    const { state, writer, ports, turns } = this.#parts
    // Known to be askable before anything is written: a model without a key is the person's to mend, not a failed turn.
    ports.model.describe(submitted.terms?.model ?? state.settings.model)
    await followFolder(state, writer, ports)
    if (state.turn !== undefined) await writer.emit(closing(state), { flush: true })
    return turns.start(submitted)
  }

  /** Stops the turn, what is done beside the turns, and without a turn's name the person's own commands. */
  async interrupt(op: Op<"turn.interrupt">): Promise<Receipt> {
    const { state, turns, shells, accepting, inLane } = this.#parts
    const turnId = turns.runningTurn ?? state.turn?.turnId
    const hasStopped = op.turnId === undefined && shells.stop()
    if (turnId === undefined) {
      if (hasStopped && !turns.isBusyAside) return accepting.note(op.opId)
      if (!turns.isBusyAside) return rejected("turn.not_running", "No turn is running.")
      turns.stop()
      return accepting.now()
    }
    if (op.turnId !== undefined && op.turnId !== turnId) {
      return rejected("turn.mismatch", `The running turn is ${turnId}, not ${op.turnId}.`)
    }
    await turns.interrupt()
    // One that a crash left waiting for a person is not running, and is stopped all the same.
    await inLane(() => this.#endWaiting(turnId))
    return { ...(await accepting.note(op.opId)), turnId }
  }

  async #endWaiting(turnId: TurnId): Promise<void> {
    const { state, writer, turns } = this.#parts
    if (turns.runningTurn !== undefined || state.turn?.turnId !== turnId) return
    await writer.emit(closing(state), { flush: true })
  }
}
