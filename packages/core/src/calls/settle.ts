import { type CallId, type DurableDraft, type HumanView, SkeinError, type ToolCall } from "@skein/protocol"
import { approve, type Standing } from "../approval/approve.ts"
import { loadTouched } from "../context/load.ts"
import { CallDefect, type CallPlan, type PlanContext, ToolFailure, type ToolResult } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { bounded } from "./bound.ts"
import { orLeave } from "./leave.ts"

type Settled = Omit<Extract<DurableDraft, { type: "call.settled" }>, "type" | "callId" | "durationMs">

/** At most this many concurrency-safe calls run at once. */
const TOGETHER_MAX = 10

/**
 * Every call to its one settled state, in the order the model asked. Neighbours that are safe beside others run
 * together; any other call waits for all before it and holds all after it.
 */
export async function runCalls(state: SessionState, callIds: readonly CallId[], ports: TurnPorts): Promise<void> {
  const calls = callIds.flatMap((callId) => callOf(state, callId) ?? [])
  const { mode, sandbox } = state.settings
  // All of them from the start, so that one can be cancelled before its turn comes.
  const runs = calls.map((call) => new CallRun(state, call, { ...ports, standing: { mode, sandbox } }))
  try {
    await runInOrder(runs)
  } catch (error) {
    // Nothing of a turn that breaks outlives it: what still runs is stopped, and waited for.
    await Promise.allSettled(runs.map((run) => run.stop(error)))
    throw error
  } finally {
    for (const run of runs) run.letGo()
  }
  ports.flushSoon()
  const touched = calls.flatMap((call) => call.locations)
  if (!ports.signal.aborted && touched.length > 0) await loadTouched(state, touched, ports)
}

/** After an interrupt, what was not begun settles at once. */
async function runInOrder(runs: readonly CallRun[]): Promise<void> {
  let together: Promise<void>[] = []
  const barrier = async () => {
    await Promise.all(together)
    together = []
  }
  for (const run of runs) {
    if (await run.isConcurrent()) {
      if (together.length === TOGETHER_MAX) await barrier()
      const settling = run.settle()
      // Thrown by the barrier; until then nobody looks.
      settling.catch(() => undefined)
      together.push(settling)
    } else {
      await barrier()
      await run.settle()
    }
  }
  await barrier()
}

/** Settles calls that are not to be run. */
export async function refuseCalls(
  state: SessionState,
  callIds: readonly CallId[],
  why: "cancelled" | "repeated",
  ports: TurnPorts,
): Promise<void> {
  const calls = callIds.map((callId) => callOf(state, callId)).filter((call) => call !== undefined)
  await ports.emit([
    ...calls.flatMap((call) => withdrawn(state, call)),
    ...calls.map((call) => draftOf(call, why === "cancelled" ? CANCELLED : REPEATED, 0)),
  ])
}

const CANCELLED = refusal("cancelled", "call.cancelled", "Stopped by the person before it ran.")
const STOPPED = refusal(
  "cancelled",
  "call.cancelled",
  "Stopped by the person while it ran. What it did so far is done.",
)
const REPEATED = refusal(
  "error",
  "call.repeated",
  "Not run: you have made exactly this call several times in a row and its result did not change. " +
    "Use the result you have, try something else, or say what you are missing.",
)

/** An approval still open when its call is refused gets its one answer too. */
function withdrawn(state: SessionState, call: ToolCall): DurableDraft[] {
  return [...state.approvals.values()]
    .filter((asked) => asked.callId === call.callId)
    .map(({ approvalId }) => ({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "policy" }))
}

interface CallPorts extends TurnPorts {
  /** As it was when the step's calls began: a change holds from the next step, and never between judging and running. */
  readonly standing: Standing
}

/** One call on its way through the seven states. */
class CallRun {
  readonly #state: SessionState
  readonly #call: ToolCall
  readonly #ports: CallPorts
  readonly #token: ReturnType<TurnPorts["callSignal"]>
  #plan: Promise<CallPlan> | undefined
  #settling: Promise<void> | undefined
  #hasStarted = false

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
    const startedAt = this.#ports.clock.now()
    const settled = await this.#run().catch((error: unknown) => this.#failed(error))
    this.letGo()
    await this.#ports.emit([draftOf(this.#call, settled, this.#ports.clock.now() - startedAt)])
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
    await this.#ports.settled()
    await this.#ports.emit([{ type: "call.started", callId }], { flush: !onlyReads })
    this.#hasStarted = true
    const settled = settledOf(await this.#limited(plan))
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
      return await orLeave(tools.run(plan, { ...this.#context(), signal: stop.signal, progress }), stop.signal, clock)
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
      askClient: (kind, payload, deadlineMs) => this.#ports.askClient({ kind, payload, deadlineMs, signal }),
    }
  }

  /** Which lane an error is in decides what it becomes: words for the model, a cancelled call, or a loud end. */
  #failed(error: unknown): Settled {
    if (this.#token.signal.aborted) return this.#hasStarted ? STOPPED : CANCELLED
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

function settledOf(result: ToolResult): Settled {
  const { forModel, forHuman, isError, changes, observed, artifacts, provenance, bytes, exitCode } = result
  return {
    outcome: isError === true ? "error" : "success",
    forModel: bounded(forModel),
    forHuman,
    changes: changes === undefined ? undefined : [...changes],
    observed: observed === undefined ? undefined : [...observed],
    artifacts: artifacts === undefined ? undefined : [...artifacts],
    provenance,
    bytes,
    exitCode,
  }
}

/** A tool that was stopped and still answered: what it gave and changed is kept. */
function stoppedWith(settled: Settled): Settled {
  const { outcome, code } = STOPPED
  return { ...settled, outcome, code, forModel: [...settled.forModel, ...STOPPED.forModel] }
}

function draftOf(call: ToolCall, settled: Settled, durationMs: number): DurableDraft {
  return { type: "call.settled", callId: call.callId, ...settled, durationMs }
}

function refusal(outcome: "error" | "cancelled", code: string, message: string): Settled {
  const forHuman: HumanView = { kind: "text", body: message, summary: code === "call.cancelled" ? "stopped" : "failed" }
  return { outcome, code, forModel: bounded([text(message)]), forHuman }
}

function text(value: string) {
  return { type: "text", text: value } as const
}
