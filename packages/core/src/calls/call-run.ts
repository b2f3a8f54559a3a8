import type { Settings, ToolCall } from "@skein/protocol"
import type { CallAgents } from "../agents/call-agents.ts"
import { type Approved, approve } from "../approval/approve.ts"
import { networkGate } from "../approval/gate.ts"
import type { Refused } from "../approval/refused.ts"
import { heldTo, type Standing, standingOf } from "../approval/standing.ts"
import {
  CallDefect,
  type CallPlan,
  type Layer,
  type PlanContext,
  type RunContext,
  type ToolResult,
} from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { failureOf } from "./failure.ts"
import { afterCall, afterRefusal, beforeCall, STOPPED_BY_HOOK } from "./hooked.ts"
import { holding, lastingOf } from "./lasting.ts"
import { orLeave } from "./leave.ts"
import { limited } from "./limited.ts"
import { modelsBeside } from "./models-beside.ts"
import { NestedCalls } from "./nested.ts"
import { cancelled, draftOf, refusal, refused, type Settled, settledOf, stoppedWith } from "./outcome.ts"
import { provenanceOf } from "./provenance.ts"
import { recordRefusal, recordStart } from "./record.ts"
import { withSessionEffect } from "./session-effect.ts"
import { isCheck } from "./shell-plan.ts"
import { dropped, keep, tryOut } from "./trial.ts"
import { type CallWatch, watched } from "./watch.ts"

type Allowed = Exclude<Approved, Refused>

/** One call on its way through the seven states. */
export class CallRun {
  readonly #state: SessionState
  readonly #call: ToolCall
  readonly #ports: TurnPorts & { standing(): Standing }
  readonly #token: ReturnType<TurnPorts["callSignal"]>
  #plan: Promise<CallPlan> | undefined
  /** As it was when the call was last planned: a change holds for every later plan, and never between judging and running. */
  #settings: Settings
  #settling: Promise<void> | undefined
  /** When it was begun, after it was planned and allowed. */
  #beganAt: number | undefined
  #begunPlan: CallPlan | undefined
  /** A person was asked about it, and said yes. */
  #isAnswered = false
  /** How long it ran in a layer, where it did. */
  #triedMs: number | undefined
  /** The children it may begin. */
  #agents: CallAgents | undefined
  /** The calls it makes itself. */
  #nested: NestedCalls | undefined
  /** The arguments that it ran with, where they are not its own. */
  #amended: unknown
  /** What the call did to files, once it is over. */
  #watch: CallWatch | undefined

  constructor(state: SessionState, call: ToolCall, ports: TurnPorts) {
    this.#state = state
    this.#call = call
    this.#settings = state.settings
    this.#ports = { ...ports, standing: () => standingOf(this.#settings) }
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
    this.#agents?.over()
    await this.#nested?.over()
    this.letGo()
    // One that never began took no time, however long a person thought about it.
    const durationMs = this.#triedMs ?? (this.#beganAt === undefined ? 0 : this.#ports.clock.now() - this.#beganAt)
    const heard = await this.#heard(settled, durationMs)
    const changes = (await this.#watch?.changes()) ?? []
    await this.#ports.emit([...changes, draftOf(this.#call, heard.settled, durationMs), ...heard.drafts])
    this.#watch?.recorded()
  }

  /** Nothing can cancel it any more. */
  letGo(): void {
    this.#token.done()
  }

  async #run(): Promise<Settled> {
    const { defect } = this.#call
    if (this.#token.signal.aborted) return cancelled(this.#token.signal)
    if (defect !== undefined) return refusal("error", defect.code, defect.message)
    if (this.#state.turn?.endedByHook !== undefined) return STOPPED_BY_HOOK
    const isPlanned = this.#settings === this.#state.settings ? this.#plan : undefined
    const first = await (isPlanned ?? this.#planned(this.#call.input))
    this.#ports.tell({ type: "call.scheduled", callId: this.#call.callId })
    const ports = { ...this.#ports, signal: this.#token.signal, replan: (input: unknown) => this.#planned(input) }
    const before = await beforeCall(this.#state, this.#call, first, ports)
    if (before.kind === "stopped") return STOPPED_BY_HOOK
    if (before.kind === "refused") return this.#refused(first, before)
    const { plan, said } = before
    const approved = await approve(this.#state, this.#call, plan, { ...ports, said })
    if (approved.kind === "refused") return this.#refused(plan, approved)
    this.#isAnswered = approved.kind === "allowed" && approved.isAnswered === true
    this.#amended = approved.input ?? before.input
    return approved.kind === "preview" ? this.#tried(approved) : this.#execute(approved)
  }

  async #refused(plan: CallPlan, why: Refused): Promise<Settled> {
    const { code, verdict } = why
    await recordRefusal(this.#state, this.#call, { plan, verdict, code }, this.#ports)
    if (code !== "hook.blocked") await afterRefusal(this.#state, this.#call, why, this.#ports)
    return refused(why)
  }

  async #execute(allowed: Allowed): Promise<Settled> {
    const { plan } = allowed
    if (!(await this.#begun(allowed))) return cancelled(this.#token.signal)
    const ports = { ...this.#ports, signal: this.#token.signal }
    return this.#settledOf(plan, await withSessionEffect(this.#state, this.#call, await this.#limited(plan), ports))
  }

  /** From here on a crash means that it may have run. False when it was stopped before. */
  async #begun(allowed: Allowed): Promise<boolean> {
    const { plan } = allowed
    const { signal } = this.#token
    if (signal.aborted) return false
    const onlyReads = plan.effects.every(
      (effect) =>
        effect.kind === "read" || effect.kind === "none" || (effect.kind === "execute" && effect.isReadOnly === true),
    )
    const isInLayer = this.#ports.layer !== undefined
    if (!onlyReads && !isInLayer) await this.#ports.tools.beforeWatch?.(plan, this.#context())
    if (!onlyReads && !isInLayer) this.#watch = await watched(this.#state, this.#call, plan, { ...this.#ports, signal })
    if (signal.aborted) return false
    await this.#ports.settled()
    await recordStart(this.#state, this.#call, allowed, this.#ports)
    // Whoever stopped it while that was written is told that it did not run.
    if (signal.aborted) return false
    const check = isCheck(plan) ? { isCheck: true } : {}
    await this.#ports.emit([{ type: "call.started", callId: this.#call.callId, ...check }], { flush: !onlyReads })
    this.#beganAt = this.#ports.clock.now()
    this.#begunPlan = plan
    return true
  }

  /** Runs it in a layer, asks about what it did, and puts exactly that into the folders. */
  async #tried(approved: Allowed): Promise<Settled> {
    const { signal } = this.#token
    const trial = { ...approved, state: this.#state, call: this.#call }
    const runIn = (layer: Layer) => {
      const from = this.#ports.clock.now()
      return this.#limited(approved.plan, layer).finally(() => {
        this.#triedMs = this.#ports.clock.now() - from
      })
    }
    const tried = await tryOut(trial, { ...this.#ports, signal, runIn })
    if (tried.kind === "refused") return this.#refused(approved.plan, tried)
    const { layer, result } = tried
    let isKept = false
    try {
      if (!(await this.#begun(approved))) return cancelled(this.#token.signal)
      await keep(layer, trial, this.#ports)
      isKept = true
    } finally {
      if (!isKept) await dropped(layer, trial, this.#ports)
    }
    return this.#settledOf(approved.plan, result)
  }

  /** With what hooks say of it. What was done in a layer is not where they would look. */
  #heard(settled: Settled, durationMs: number): ReturnType<typeof afterCall> {
    if (this.#beganAt === undefined || this.#ports.layer !== undefined) return Promise.resolve({ settled, drafts: [] })
    const input = this.#amended ?? this.#call.input
    return afterCall(this.#state, { ...this.#call, input }, { settled, durationMs }, this.#ports)
  }

  #settledOf(plan: CallPlan, result: ToolResult): Settled {
    const settled = settledOf({ ...result, provenance: this.#provenanceOf(plan, result) })
    const { signal } = this.#token
    return signal.aborted ? stoppedWith(settled, signal) : settled
  }

  #provenanceOf(plan: CallPlan, result: ToolResult | undefined) {
    const source = this.#nested?.foreignSource
    if (source !== undefined) return { source, isTrusted: false }
    return provenanceOf(plan, result, rootsOf(this.#state), this.#agents?.taint())
  }

  /** In a layer it has no network: what it sent could not be taken back. */
  #limited(plan: CallPlan, layer = this.#ports.layer): Promise<ToolResult> {
    const { callId } = this.#call
    const { clock, tools, tell } = this.#ports
    const progress = (bytes: number, preview: string) => tell({ type: "call.progress", callId, bytes, preview })
    const over = new AbortController()
    const { signal } = this.#token
    const stop = () => over.abort(signal.reason)
    signal.addEventListener("abort", stop, { once: true })
    // What may be reached is asked anew at each connection: a network that is closed is closed to what runs, too.
    const standing = () => ({ ...this.#ports.standing(), network: standingOf(this.#state.settings).network })
    const planned = plan.effects.flatMap((effect) => (effect.kind === "network" ? effect.hosts : []))
    const asked = { ...this.#call, name: plan.rulesOf ?? plan.name }
    const gate = networkGate(this.#state, asked, { ...this.#ports, standing, signal: over.signal, planned })
    const network = layer === undefined && standing().network.access !== "off" ? gate : undefined
    const held = holding(() => {
      signal.removeEventListener("abort", stop)
      over.abort(OVER)
    })
    const lasting = layer === undefined ? lastingOf(this.#state, this.#call, { plan, network, held }, this.#ports) : {}
    // In a layer none works: what it did could not be taken back with the layer.
    this.#agents = layer === undefined ? this.#ports.agents?.(callId, signal) : undefined
    const asking = modelsBeside(this.#state, { ...this.#ports, signal: over.signal })
    const who = { isAnswered: this.#isAnswered, agents: this.#agents?.port }
    const given = { ...lasting, ...asking, ...who, ...this.#calling(layer) }
    const context = { ...this.#context(), callId, network: lasting.network ?? network, layer, ...given }
    return limited(plan, context, { clock, tools, progress }).finally(held.letGo)
  }

  /** What lets it make calls of its own. They make none. */
  #calling(layer: Layer | undefined): Pick<RunContext, "call"> {
    if (this.#call.parentCallId !== undefined) return {}
    const ports = { ...this.#ports, layer }
    const run = (call: ToolCall) => new CallRun(this.#state, call, ports)
    const { signal } = this.#token
    const nested = new NestedCalls({ state: this.#state, parent: this.#call, ports, signal, run })
    this.#nested = nested
    return { call: (name, input) => nested.make(name, input) }
  }

  #planned(input: unknown): Promise<CallPlan> {
    this.#settings = this.#state.settings
    const planning = this.#ports.tools.plan(this.#call.name, input, this.#context())
    return orLeave(planning, this.#token.signal, this.#ports.clock)
  }

  #context(): PlanContext {
    const { observed } = this.#state
    const { signal } = this.#token
    return {
      sessionId: this.#state.sessionId,
      cwd: this.#state.created.workspace.path,
      roots: rootsOf(this.#state),
      sandbox: heldTo(this.#ports.standing()),
      checks: this.#settings.checks,
      webSearch: this.#settings.webSearch,
      observed: (path) => observed.get(path),
      signal,
      layer: this.#ports.layer,
      sessions: this.#ports.sessions,
      processesSeen: this.#ports.processesSeen,
      hasClient: (kind) => this.#ports.hasClient?.(kind) === true,
      askClient: (kind, payload, deadlineMs) => this.#ports.askClient({ kind, payload, deadlineMs, signal }),
    }
  }

  #failed(error: unknown): Settled {
    const { onDefect } = this.#ports
    const facts = { name: this.#call.name, signal: this.#token.signal, hasBegun: this.#beganAt !== undefined, onDefect }
    return { ...failureOf(error, facts), ...this.#failureProvenance() }
  }

  /** What a tool says of its failure may be what others wrote, too. */
  #failureProvenance(): Pick<Settled, "provenance"> {
    if (this.#begunPlan === undefined) return {}
    const provenance = this.#provenanceOf(this.#begunPlan, undefined)
    return provenance.isTrusted ? {} : { provenance }
  }
}

/** Why a host that is asked about when its call is over is asked about no more. */
const OVER = "over"
