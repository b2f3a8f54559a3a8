import {
  type CallId,
  type Closing,
  type DurableDraft,
  type Op,
  type Receipt,
  type Sandbox,
  SkeinError,
} from "@skein/protocol"
import { heldTo, policyState, standingOf } from "../approval/standing.ts"
import { byClosing, byPerson } from "../calls/interruption.ts"
import { orLeave } from "../calls/leave.ts"
import { limited } from "../calls/limited.ts"
import { refusal, type Settled, settledOf, stopped, stoppedWith } from "../calls/outcome.ts"
import { isConfined, onlyLooks, shellProvenance } from "../calls/shell-plan.ts"
import { type CallWatch, watchedCommand } from "../calls/watch.ts"
import {
  CallDefect,
  type CallPlan,
  type NetworkGate,
  type PlanContext,
  type SessionsPort,
  ToolFailure,
} from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"
import { shellEndEntry, shellStartEntry } from "./record.ts"
import { followFolder } from "./relocate.ts"
import type { Turns } from "./turns.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
  readonly sessions: SessionsPort
  readonly turns: () => Turns
}

interface Running {
  readonly stop: AbortController
  done: Promise<unknown>
}

/** One command, planned and on its way. */
interface Line {
  readonly callId: CallId
  readonly command: string
  readonly isPrivate: boolean
  readonly plan: CallPlan
  readonly context: PlanContext
  readonly watch: CallWatch | undefined
}

/**
 * The person's own commands, `!command`. Nobody is asked about them and no model is asked because of them; several may run
 * at once, beside a turn too. They run as the person, but where the person said that nothing is to change.
 */
export class Shells {
  readonly #parts: Parts
  readonly #running = new Map<CallId, Running>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get isBusy(): boolean {
    return this.#running.size > 0
  }

  /** Begun from the moment of the call on; resolves when it runs, and it goes on by itself. Rejects with SkeinError. */
  async begin(op: Op<"shell.run">): Promise<Receipt> {
    const callId = this.#parts.ports.random.id("cal")
    const stop = new AbortController()
    const begun = this.#started(op, callId, stop.signal)
    const over = () => void this.#running.delete(callId)
    this.#running.set(callId, { stop, done: begun.then(over, over) })
    const line = await begun
    if ("status" in line) return line
    this.#running.set(callId, { stop, done: this.#live(line).finally(over) })
    const { sessionId, seq } = this.#parts.state
    return { status: "accepted", sessionId, seq, callId }
  }

  /** Stops one; false when it does not run. */
  cancel(callId: CallId, why = byPerson()): boolean {
    const running = this.#running.get(callId)
    running?.stop.abort(why)
    return running !== undefined
  }

  /** Stops all, without waiting; false when none runs. */
  stop(why?: SkeinError): boolean {
    for (const callId of [...this.#running.keys()]) this.cancel(callId, why)
    return this.isBusy
  }

  /** Stops all, and resolves when the log says so. */
  async end(why: Closing | undefined): Promise<void> {
    this.stop(byClosing(why))
    while (this.isBusy) await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  async #started(op: Op<"shell.run">, callId: CallId, signal: AbortSignal): Promise<Line | Receipt> {
    const { state, writer, ports, turns } = this.#parts
    const { command, isPrivate = false } = op
    if (turns().runningTurn === undefined) await followFolder(state, writer, ports)
    const context = this.#context(signal)
    const plan = await this.#planned(command, context)
    if (!("effects" in plan)) return plan
    const denied = this.#deniedByAdministrator(plan)
    if (denied !== undefined) return rejected("call.denied", denied)
    await ports.audit.record(shellStartEntry(state, { callId, command }, ports.clock.now()))
    const { turn } = state
    const whose = { turnId: turn?.turnId, callId, isOpen: !isConfined(plan) }
    const watch = onlyLooks(plan) ? undefined : await watchedCommand(state, whose, { ...ports, signal })
    if (signal.aborted) {
      watch?.recorded()
      return rejected("call.cancelled", "Stopped before it ran.")
    }
    const sandbox = isConfined(plan) ? { sandbox: confinementOf(context.sandbox) } : {}
    const started = { type: "shell.started", callId, command, isPrivate, cwd: context.cwd, ...sandbox } as const
    await writer.emit([started], { flush: true, causedBy: op.opId })
    return { callId, command, isPrivate, plan, context, watch }
  }

  async #planned(command: string, context: PlanContext): Promise<CallPlan | Receipt> {
    const { shellLines, clock } = this.#parts.ports
    try {
      return await orLeave(shellLines.plan(command, context), context.signal, clock)
    } catch (error) {
      if (error instanceof ToolFailure || error instanceof CallDefect) return rejected("op.invalid", error.message)
      throw error
    }
  }

  /** A person's own rules are about what the model does; those of the machine's administrator are about everybody. */
  #deniedByAdministrator(plan: CallPlan): string | undefined {
    const { state, ports } = this.#parts
    const rules = () => ports.rulesFor(state.created.workspace.path).filter(({ scope }) => scope === "managed")
    if (rules().length === 0) return undefined
    const standing = () => ({ ...standingOf(state.settings), mode: "full" as const })
    const { decision, rule, reasons } = ports.policy.judge(plan, policyState(state, { rules, standing, ...ports }))
    const isDenied = decision === "deny" && rule?.scope === "managed"
    return isDenied ? `This machine's administrator does not allow it: ${reasons.join("; ")}.` : undefined
  }

  async #live(line: Line): Promise<void> {
    const { state, writer, ports } = this.#parts
    const { callId, command, isPrivate, watch } = line
    const beganAt = ports.clock.now()
    try {
      const settled = await this.#run(line).catch((error: unknown) => this.#failed(line, error))
      const changes = (await watch?.changes()) ?? []
      const { observed: _, changes: __, forModel, forHuman, ...rest } = settled
      const ended: Extract<DurableDraft, { type: "shell.ended" }> = {
        ...{ type: "shell.ended", callId, command, isPrivate, ...rest },
        ...{ forHuman, forModel: isPrivate ? [] : forModel, durationMs: ports.clock.now() - beganAt },
      }
      await writer.emit([...changes, ended], { flush: true })
      watch?.recorded()
      await ports.audit.record(shellEndEntry(state, ended, ports.clock.now()))
    } catch (error) {
      ports.onDefect(error)
    }
  }

  async #run({ callId, plan, context }: Line): Promise<Settled> {
    const { state, writer, ports } = this.#parts
    const { clock, shellLines: tools } = ports
    const progress = (bytes: number, preview: string) => writer.tell({ type: "call.progress", callId, bytes, preview })
    const network = standingOf(state.settings).network.access === "off" && isConfined(plan) ? undefined : TYPED
    const result = await limited(plan, { ...context, callId, network }, { clock, tools, progress })
    const settled = settledOf({ ...result, provenance: shellProvenance(plan, result, rootsOf(state)) })
    return context.signal.aborted ? stoppedWith(settled, context.signal) : settled
  }

  #failed({ plan, context }: Line, error: unknown): Settled {
    const provenance = shellProvenance(plan, undefined, rootsOf(this.#parts.state))
    if (context.signal.aborted) return stopped(context.signal)
    if (error instanceof ToolFailure) return { ...refusal("error", "call.failed", error.message), provenance }
    if (error instanceof SkeinError) return { ...refusal("error", error.code, error.message), provenance }
    this.#parts.ports.onDefect(error)
    const message = error instanceof Error ? error.message : String(error)
    return refusal("error", "internal.defect", `The command could not be run: ${message}`)
  }

  #context(signal: AbortSignal): PlanContext {
    const { state, sessions } = this.#parts
    return {
      sessionId: state.sessionId,
      cwd: state.created.workspace.path,
      roots: rootsOf(state),
      sandbox: authorityOf(state),
      observed: (path) => state.observed.get(path),
      signal,
      sessions,
      askClient: () => Promise.reject(new SkeinError("client.gone", "A person's own command asks no client.")),
    }
  }
}

/**
 * The person's own authority, all of it: what they could do in another terminal they can do here. Where they said that
 * nothing is to change, with mode plan, a sandbox that only reads or a dry run under way, a slip of theirs does not either.
 */
function authorityOf(state: SessionState): Sandbox {
  const isHeld = heldTo(standingOf(state.settings)) === "read-only" || state.turn?.isDryRun === true
  return isHeld ? "read-only" : "full-access"
}

function confinementOf(sandbox: Sandbox): "read-only" | "workspace-write" {
  return sandbox === "read-only" ? "read-only" : "workspace-write"
}

/** Where a sandbox holds it all the same, it reaches whom it likes: the person typed it. */
const TYPED: NetworkGate = async () => ({ isAllowed: true, reason: "the person typed the command" })
