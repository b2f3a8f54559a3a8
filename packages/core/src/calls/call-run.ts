import { SkeinError, type ToolCall } from "@skein/protocol"
import { approve } from "../approval/approve.ts"
import type { Standing } from "../approval/standing.ts"
import { CallDefect, type CallPlan, type PlanContext, ToolFailure, type ToolResult } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { orLeave } from "./leave.ts"
import { CANCELLED, draftOf, refusal, type Settled, STOPPED, settledOf, stoppedWith } from "./outcome.ts"
import { type CallWatch, watched } from "./watch.ts"

interface CallPorts extends TurnPorts {
  /** As it was when the step's calls began: a change holds from the next step, and never between judging and running. */
  readonly standing: Standing
}

/** One call on its way through the seven states. */
export class CallRun {
  readonly #state: SessionState
  readonly #call: ToolCall
  readonly #ports: CallPorts
  readonly #token: ReturnType<TurnPorts["callSignal"]>
  #plan: Promise<CallPlan> | undefined
  #settling: Promise<void> | undefined
  /** When it was begun, after it was planned and allowed. */
  #beganAt: number | undefined
  /** What the call did to files, once it is over. */
  #watch: CallWatch | undefined

  constructor(state: SessionState, call: ToolCall, ports: CallPorts) {
    this.#state = state
    this.#call = call
    this.#ports = ports
    this.#token = ports.callSignal(call.callId)
  }

  /** Known once planned. A call that cannot be planned settles at once, beside any other. */
  async isConcurrent(): Promise<boolean> {
    if (this.#call.defect !== undefined || this.#token.signal.aborted) return true
    try {
      this.#plan = this.#planned(this.#call.input)
      const plan = await this.#plan
      // What was planned while others still ran may have been overtaken: a barrier plans again when it runs.
      if (!plan.isConcurrent) this.#plan = undefined
      return plan.isConcurrent
    } catch (error) {
      if (error instanceof CallDefect) return true
      this.#plan = undefined
      return false
    }
  }

  settle(): Promise<void> {
    this.#settling = this.#settle()
    return this.#settling
  }

  /** Resolves when it is over; at once when it never began. */
  async stop(reason: unknown): Promise<void> {
    this.#token.abort(reason)
    await this.#settling
  }

  async #settle(): Promise<void> {
    const settled = await this.#run().catch((error: unknown) => this.#failed(error))
    this.letGo()
    // One that never began took no time, however long a person thought about it.
    const durationMs = this.#beganAt === undefined ? 0 : this.#ports.clock.now() - this.#beganAt
    const changes = (await this.#watch?.changes()) ?? []
    await this.#ports.emit([...changes, draftOf(this.#call, settled, durationMs)])
    this.#watch?.recorded()
  }

  /** Nothing can cancel it any more. */
  letGo(): void {
    this.#token.done()
  }

  async #run(): Promise<Settled> {
    const { defect } = this.#call
    if (this.#token.signal.aborted) return CANCELLED
    if (defect !== undefined) return refusal("error", defect.code, defect.message)
    const plan = await (this.#plan ?? this.#planned(this.#call.input))
    this.#ports.tell({ type: "call.scheduled", callId: this.#call.callId })
    const approved = await approve(this.#state, this.#call, plan, {
      ...this.#ports,
      signal: this.#token.signal,
      replan: (input) => this.#planned(input),
    })
    if (approved.kind === "refused") return refusal("error", approved.code, approved.text)
    return this.#execute(approved.plan)
  }

  async #execute(plan: CallPlan): Promise<Settled> {
    const { callId } = this.#call
    const { signal } = this.#token
    if (signal.aborted) return CANCELLED
    const onlyReads = plan.effects.every((effect) => effect.kind === "read" || effect.kind === "none")
    if (!onlyReads) this.#watch = await watched(this.#state, this.#call, plan, { ...this.#ports, signal })
    if (signal.aborted) return CANCELLED
    await this.#ports.settled()
    await this.#ports.emit([{ type: "call.started", callId }], { flush: !onlyReads })
    this.#beganAt = this.#ports.clock.now()
    const result = await this.#limited(plan)
    if (result.session !== undefined) await this.#ports.emit([result.session])
    const settled = settledOf(result)
    return signal.aborted ? stoppedWith(settled) : settled
  }

  /**
   * A tool's promise is to keep its own limit and to stop at the signal. One that does neither is told to stop soon
   * after its limit, and then left behind, its result unread.
   */
  async #limited(plan: CallPlan): Promise<ToolResult> {
    const { clock, tools, tell } = this.#ports
    const { callId } = this.#call
    const { signal } = this.#token
    const stop = new AbortController()
    const over = new AbortController()
    const follow = () => stop.abort(signal.reason)
    signal.addEventListener("abort", follow, { once: true })
    clock.sleep(plan.timeoutMs + TIMEOUT_GRACE_MS, over.signal).then(
      () => stop.abort(new SkeinError("call.timeout", `Stopped after ${plan.timeoutMs} ms.`)),
      () => undefined,
    )
    const progress = (bytes: number, preview: string) => {
      if (!over.signal.aborted) tell({ type: "call.progress", callId, bytes, preview })
    }
    try {
      return await orLeave(
        tools.run(plan, { ...this.#context(), callId, signal: stop.signal, progress }),
        stop.signal,
        clock,
      )
    } catch (error) {
      // Whatever the tool said when it was told to stop: the time limit is why.
      throw stop.signal.aborted && !signal.aborted ? stop.signal.reason : error
    } finally {
      over.abort(OVER)
      signal.removeEventListener("abort", follow)
    }
  }

  #planned(input: unknown): Promise<CallPlan> {
    const { signal } = this.#token
    return orLeave(this.#ports.tools.plan(this.#call.name, input, this.#context()), signal, this.#ports.clock)
  }

  #context(): PlanContext {
    const { observed } = this.#state
    const { mode, sandbox } = this.#ports.standing
    const { signal } = this.#token
    return {
      sessionId: this.#state.sessionId,
      cwd: this.#state.created.workspace.path,
      roots: rootsOf(this.#state),
      sandbox: mode === "plan" ? "read-only" : sandbox,
      observed: (path) => observed.get(path),
      signal,
      sessions: this.#ports.sessions,
      askClient: (kind, payload, deadlineMs) => this.#ports.askClient({ kind, payload, deadlineMs, signal }),
    }
  }

  /** Which lane an error is in decides what it becomes: words for the model, a cancelled call, or a loud end. */
  #failed(error: unknown): Settled {
    if (this.#token.signal.aborted) return this.#beganAt !== undefined ? STOPPED : CANCELLED
    if (error instanceof ToolFailure) return refusal("error", "call.failed", error.message)
    if (error instanceof CallDefect) return refusal("error", error.code, error.message)
    if (error instanceof SkeinError) return refusal("error", error.code, error.message)
    this.#ports.onDefect(error)
    const message = error instanceof Error ? error.message : String(error)
    return refusal("error", "internal.defect", `The tool ${this.#call.name} broke: ${message}. Try another way.`)
  }
}

/** Ends the guard of a call that is over. Given, because the platform's own reason is an error with a stack, dear for every call. */
const OVER = "over"

/** A tool that ignores its own time limit is given this long before it is told to stop. */
const TIMEOUT_GRACE_MS = 2_000
