import type { FileChange, ToolCall } from "@skein/protocol"
import { judge } from "../approval/approve.ts"
import { boundedDiffs, optionsFor, whyAsked } from "../approval/question.ts"
import { type Refused, refusedBy, unattended } from "../approval/refused.ts"
import type { Standing } from "../approval/standing.ts"
import { sha256 } from "../context/sha256.ts"
import { type CallPlan, type Layer, ToolFailure, type ToolResult, type Verdict } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { cut } from "./bound.ts"
import { changedFiles, recordLayer, resourceOf } from "./record.ts"

export interface TrialPorts extends TurnPorts {
  standing(): Standing
  /** Runs the call with its changes in a layer, and without network. */
  readonly runIn: (layer: Layer) => Promise<ToolResult>
}

export interface Trial {
  readonly state: SessionState
  readonly call: ToolCall
  readonly plan: CallPlan
  /** Why it is asked about. */
  readonly verdict: Verdict
}

/** What was done in the layer, approved: it is not in the folders yet. */
export interface Tried {
  readonly kind: "tried"
  readonly result: ToolResult
  readonly layer: Layer
}

/**
 * Runs a call in a throw-away layer and asks a person about what it did. Nothing of it is in the folders, nor before the
 * model, until the answer says so; any other end drops the layer.
 */
export async function tryOut(trial: Trial, ports: TrialPorts): Promise<Tried | Refused> {
  const { state, plan, verdict } = trial
  const layer = await ports.layers.open(rootsOf(state))
  let isKept = false
  try {
    const resources = [{ kind: "tool", name: trial.plan.name }, ...plan.actions.map(resourceOf)]
    await recordLayer(state, "layer.preview", { ...trial.call, resources }, ports)
    const result = await ranIn(layer, ports)
    const question = effectsQuestion(trial, result, await layer.changes(), await layer.notes(), ports)
    // A rule for the next time says nothing about what was done this time.
    const decisionNow = () => (judge(state, plan, ports).decision === "deny" ? "deny" : "ask")
    const { resolved } = await ports.ask(question, ports.signal, decisionNow)
    if (resolved.answer === "withdrawn") return unattended(verdict)
    if (resolved.answer !== "allow_once" && resolved.answer !== "allow_always") {
      return refusedBy(resolved.feedback, verdict)
    }
    if (ports.signal.aborted) throw ports.signal.reason
    isKept = true
    return { kind: "tried", result, layer }
  } finally {
    if (!isKept) await dropped(layer, trial, ports)
  }
}

/** What was approved, into the folders: on record before it is done. Rejects with SkeinError, and then nothing was. */
export async function keep(
  layer: Layer,
  { state, call }: Pick<Trial, "state" | "call">,
  ports: TurnPorts,
): Promise<void> {
  await recordLayer(state, "layer.keep", { ...call, resources: changedFiles(await layer.changes()) }, ports)
  await layer.keep()
}

/** A layer that is left over holds no harm: nothing reads it. One that cannot be recorded goes all the same. */
export async function dropped(
  layer: Layer,
  { state, call }: { readonly state: SessionState; readonly call?: ToolCall | undefined },
  ports: Pick<TurnPorts, "audit" | "clock" | "onDefect">,
): Promise<void> {
  const { turnId = state.turn?.turnId, callId } = call ?? {}
  await recordLayer(state, "layer.drop", { turnId, callId }, ports).catch(ports.onDefect)
  await layer.discard().catch(ports.onDefect)
}

/** What a tool says of its failure may be the output that nobody has approved yet. */
async function ranIn(layer: Layer, ports: TrialPorts): Promise<ToolResult> {
  try {
    return await ports.runIn(layer)
  } catch (error) {
    if (error instanceof ToolFailure) throw new ToolFailure(BROKE_OFF, { cause: error })
    throw error
  }
}

const BROKE_OFF =
  "Tried in a throw-away copy of the workspace, it did not come to an end. Nothing of it was kept, and its output is not shown."

function effectsQuestion(
  { state, call, plan, verdict }: Trial,
  result: ToolResult,
  changes: readonly FileChange[],
  notes: readonly string[],
  { random }: TrialPorts,
): Question {
  const shown = boundedDiffs(changes)
  const why = whyAsked(state, verdict)
  return {
    type: "approval.requested",
    approvalId: random.id("apr"),
    subject: "effects",
    callId: call.callId,
    actions: [...plan.actions],
    digest: sha256(JSON.stringify([plan.digest, changes.map(({ path, before, after }) => [path, before, after])])),
    ...why,
    reasons: [...why.reasons, ...notes],
    effects: {
      changes: shown,
      network: [...(result.network ?? [])],
      output: cut(textOf(result), OUTPUT_CHARS_MAX),
      ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
    },
    options: optionsFor(verdict.always, false),
  }
}

const OUTPUT_CHARS_MAX = 16_000

function textOf({ forModel }: ToolResult): string {
  return forModel.map((block) => (block.type === "text" ? block.text : "[image]")).join("\n")
}
