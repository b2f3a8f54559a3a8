import type { CallId, ToolCall } from "@skein/protocol"
import { allowedBy } from "../context/request.ts"
import { type NestedResult, ToolFailure } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { readCall } from "./read.ts"

/** A call on its way, as whoever made it sees it. */
interface Running {
  isConcurrent(): Promise<boolean>
  settle(): Promise<void>
  stop(reason: unknown): Promise<void>
}

interface Parts {
  readonly state: SessionState
  readonly parent: ToolCall
  readonly ports: TurnPorts
  readonly signal: AbortSignal
  run(call: ToolCall): Running
}

/** One call makes no more than this: whoever wants more asks the model again. */
const CALLS_MAX = 100
const TOGETHER_MAX = 10

/**
 * The calls that one call makes: requested, judged, run and settled like any other, and over before it is. Those that are safe
 * beside others run together, in the order they were made; any other waits for all before it and holds all after it.
 */
export class NestedCalls {
  readonly #parts: Parts
  readonly #made: CallId[] = []
  readonly #running = new Set<Running>()
  readonly #settling = new Set<Promise<void>>()
  #lane: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { signal } = parts
    signal.addEventListener("abort", () => void this.over(signal.reason), { once: true })
  }

  /** See `RunContext.call`. */
  async make(name: string, input: unknown): Promise<NestedResult> {
    const { state, signal } = this.#parts
    if (signal.aborted) throw signal.reason
    if (this.#isOver) throw new ToolFailure(`Cannot call ${name}: the call that makes it is over.`)
    if (this.#made.length >= CALLS_MAX) throw new ToolFailure(`One call makes at most ${CALLS_MAX} others.`)
    const call = await this.#requested(name, input)
    const run = this.#parts.run(call)
    this.#running.add(run)
    const begun = this.#lane.then(() => this.#begin(run))
    // Whoever made it is told; the next one takes its turn all the same.
    this.#lane = begun.catch(() => undefined)
    await (await begun).settling
    this.#running.delete(run)
    const settled = callOf(state, call.callId)
    const { forModel = [], forHuman } = settled?.result ?? {}
    const outcome = settled?.state === "success" || settled?.state === "cancelled" ? settled.state : "error"
    return { outcome, forModel, ...(forHuman === undefined ? {} : { forHuman }) }
  }

  /** Stops what still runs, and waits for it. */
  async over(reason: unknown = OVER): Promise<void> {
    this.#isOver = true
    await Promise.allSettled([...this.#running].map((run) => run.stop(reason)))
    await this.#lane
    await Promise.allSettled(this.#settling)
  }

  /** Where something came from that one of them gave and nobody may be steered by. */
  get foreignSource(): string | undefined {
    const results = this.#made.map((callId) => callOf(this.#parts.state, callId)?.result)
    return results.find((result) => result?.provenance?.isTrusted === false)?.provenance?.source
  }

  async #requested(name: string, input: unknown): Promise<ToolCall> {
    const { state, parent, ports } = this.#parts
    const { turnId, step, callId: parentCallId } = parent
    const callId = ports.random.id("cal")
    const index = this.#made.length
    this.#made.push(callId)
    const written = { name, argumentsText: JSON.stringify(input ?? {}), isWhole: true }
    const place = placeOf(state)
    await ports.tools.ready?.(name, place)
    const read = readCall(written, { place, tools: ports.tools, allows: allowedBy(state) })
    await ports.emit([{ type: "call.requested", turnId, step, callId, parentCallId, index, name, ...read }])
    const call = callOf(state, callId)
    if (call === undefined) throw new Error("What was requested is in the transcript")
    return call
  }

  async #begin(run: Running): Promise<{ readonly settling: Promise<void> }> {
    if (await run.isConcurrent()) {
      if (this.#settling.size >= TOGETHER_MAX) await Promise.race(this.#settling)
      return { settling: this.#settle(run) }
    }
    await Promise.all(this.#settling)
    await this.#settle(run)
    return { settling: Promise.resolve() }
  }

  #settle(run: Running): Promise<void> {
    const settling = run.settle()
    this.#settling.add(settling)
    const gone = () => void this.#settling.delete(settling)
    settling.then(gone, gone)
    return settling
  }
}

const OVER = "over"
