import type { Settings, ToolCall } from "@skein/protocol"
import type { CallAgents } from "../agents/call-agents.ts"
import { type Approved, approve, type Refused } from "../approval/approve.ts"
import { networkGate } from "../approval/gate.ts"
import { propose } from "../approval/propose.ts"
import { heldTo, type Standing, standingOf } from "../approval/standing.ts"
import {
  CallDefect,
  type CallPlan,
  type Layer,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "../ports/index.ts"
import { recordSettings } from "../session/record.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { failureOf } from "./failure.ts"
import { holding, lastingOf } from "./lasting.ts"
import { orLeave } from "./leave.ts"
import { limited } from "./limited.ts"
import { modelsBeside } from "./models-beside.ts"
import { NestedCalls } from "./nested.ts"
import { cancelled, draftOf, refusal, refused, type Settled, settledOf, stoppedWith } from "./outcome.ts"
import { provenanceOf } from "./provenance.ts"
import { recordRefusal, recordStart } from "./record.ts"
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
  /** How long it ran in a layer, where it did. */
  #triedMs: number | undefined
  /** The children it may begin. */
  #agents: CallAgents | undefined
  /** The calls it makes itself. */
  #nested: NestedCalls | undefined
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
    if (this.#token.signal.aborted) return cancelled(this.#token.signal)
    if (defect !== undefined) return refusal("error", defect.code, defect.message)
    const isPlanned = this.#settings === this.#state.settings ? this.#plan : undefined
    const plan = await (isPlanned ?? this.#planned(this.#call.input))
    this.#ports.tell({ type: "call.scheduled", callId: this.#call.callId })
    const approved = await approve(this.#state, this.#call, plan, {
      ...this.#ports,
      signal: this.#token.signal,
      replan: (input) => this.#planned(input),
    })
    if (approved.kind === "refused") return this.#refused(plan, approved)
    return approved.kind === "preview" ? this.#tried(approved) : this.#execute(approved)
  }

  async #refused(plan: CallPlan, why: Refused): Promise<Settled> {
    const { code, verdict } = why
    await recordRefusal(this.#state, this.#call, { plan, verdict, code }, this.#ports)
    return refused(why)
  }

  async #execute(allowed: Allowed): Promise<Settled> {
    const { plan } = allowed
    if (!(await this.#begun(allowed))) return cancelled(this.#token.signal)
    const result = await this.#limited(plan)
    const { session } = result
    if (session === undefined) return this.#settledOf(plan, result)
    if (session.type === "settings.changed") await this.#narrowed(session.changes)
    await this.#ports.emit([session])
    const isProposed = session.type === "plan.changed" && this.#ports.standing().mode === "plan"
    const text = isProposed ? await this.#proposed(session.plan) : undefined
    if (text === undefined) return this.#settledOf(plan, result)
    return this.#settledOf(plan, { ...result, forModel: [...result.forModel, { type: "text", text }] })
  }

  /** From here on a crash means that it may have run. False when it was stopped before. */
  async #begun(allowed: Allowed): Promise<boolean> {
    const { plan } = allowed
    const { callId } = this.#call
    const { signal } = this.#token
    if (signal.aborted) return false
    const onlyReads = plan.effects.every(
      (effect) =>
        effect.kind === "read" || effect.kind === "none" || (effect.kind === "execute" && effect.isReadOnly === true),
    )
    const isInLayer = this.#ports.layer !== undefined
    if (!onlyReads && !isInLayer) this.#watch = await watched(this.#state, this.#call, plan, { ...this.#ports, signal })
    if (signal.aborted) return false
    await this.#ports.settled()
    await recordStart(this.#state, this.#call, allowed, this.#ports)
    // Whoever stopped it while that was written is told that it did not run.
    if (signal.aborted) return false
    await this.#ports.emit([{ type: "call.started", callId, ...(isCheck(plan) ? { isCheck: true } : {}) }], {
      flush: !onlyReads,
    })
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

  /** Into mode plan leads back out only a person: where nobody is, the work would end there. */
  async #narrowed(changes: { readonly mode: "plan" }): Promise<void> {
    const { mode } = this.#state.settings
    if (!this.#ports.isAttended()) {
      throw new ToolFailure(`Nobody is here to approve a plan. The mode stays ${mode}: make the plan and go on by it.`)
    }
    await recordSettings(this.#state.sessionId, changes, this.#ports, "model")
  }

  /** In mode plan nothing is changed before a person has seen the plan and approved it. */
  #proposed(plan: string): Promise<string | undefined> {
    return propose(this.#state, this.#call, plan, { ...this.#ports, signal: this.#token.signal })
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
    const given = { ...lasting, ...asking, agents: this.#agents?.port, ...this.#calling(layer) }
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
    const { signal } = this.#token
    this.#settings = this.#state.settings
    return orLeave(this.#ports.tools.plan(this.#call.name, input, this.#context()), signal, this.#ports.clock)
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
      askClient: (kind, payload, deadlineMs) => this.#ports.askClient({ kind, payload, deadlineMs, signal }),
    }
  }

  #failed(error: unknown): Settled {
    const { signal } = this.#token
    const hasBegun = this.#beganAt !== undefined
    const failure = failureOf(error, { name: this.#call.name, signal, hasBegun, onDefect: this.#ports.onDefect })
    return { ...failure, ...this.#failureProvenance() }
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
