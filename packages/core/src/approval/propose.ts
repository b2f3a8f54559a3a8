import type { Mode, ToolCall } from "@skein/protocol"
import { sha256 } from "../context/sha256.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { taintOf } from "./standing.ts"

/** What becomes of a plan that was written in mode plan, in words for the model; undefined when nobody was asked. */
export async function propose(
  state: SessionState,
  call: ToolCall,
  plan: string,
  ports: TurnPorts,
): Promise<string | undefined> {
  // A child in mode plan is there to plan: what is carried out is its parent's.
  if (plan.trim() === "" || state.created.agent !== undefined || !ports.isAttended()) return undefined
  const next = state.modeBeforePlan ?? "ask"
  const { resolved } = await ports.ask(questionOf(state, call, plan, next, ports), ports.signal, () => "ask")
  if (resolved.answer === "withdrawn") return undefined
  if (resolved.answer !== "allow_once") return rejectedText(resolved.feedback)
  // Whoever chose another mode meanwhile has said in which one it is carried out.
  if (state.settings.mode === "plan") await leavePlanMode(state, call, next, ports)
  return `The person approved this plan. The mode is ${state.settings.mode} now: carry it out.`
}

function questionOf(state: SessionState, call: ToolCall, plan: string, next: Mode, { random }: TurnPorts): Question {
  const taint = taintOf(state)
  return {
    type: "approval.requested",
    approvalId: random.id("apr"),
    subject: "plan",
    callId: call.callId,
    actions: [{ verb: "plan", target: plan }],
    digest: sha256(plan),
    reasons: [`it would be carried out in mode ${next}`],
    cwd: state.created.workspace.path,
    ...(taint.length === 0 ? {} : { taint: [...taint] }),
    options: ["allow_once", "reject_once"],
  }
}

async function leavePlanMode(state: SessionState, call: ToolCall, mode: Mode, ports: TurnPorts): Promise<void> {
  await ports.audit.record({
    ...{ at: ports.clock.now(), actor: "person", action: "settings.change", outcome: "mode" },
    resources: [{ kind: "setting", name: `mode=${JSON.stringify(mode)}` }],
    ...{ sessionId: state.sessionId, turnId: call.turnId, callId: call.callId },
  })
  await ports.emit([{ type: "settings.changed", changes: { mode } }], { flush: true })
}

function rejectedText(feedback: string | undefined): string {
  const said = feedback === undefined || feedback === "" ? "Ask what they want instead." : `They say: ${feedback}`
  return `The person did not approve this plan. Nothing may be changed yet. ${said}`
}
