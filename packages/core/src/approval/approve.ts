import type { Rule, ToolCall } from "@skein/protocol"
import type { CallPlan, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { policyState, type Standing } from "./standing.ts"

export type Approved =
  | { readonly kind: "allowed"; readonly plan: CallPlan }
  | { readonly kind: "refused"; readonly code: "call.denied" | "call.unattended"; readonly text: string }

interface ApprovePorts extends TurnPorts {
  readonly standing: Standing
  /** Plans the call anew, with arguments that a person changed. */
  readonly replan: (input: unknown) => Promise<CallPlan>
}

/** May this call run, and who said so? Everything that is not clearly allowed is asked, and unanswered is refused. */
export async function approve(
  state: SessionState,
  call: ToolCall,
  plan: CallPlan,
  ports: ApprovePorts,
): Promise<Approved> {
  const verdict = judge(state, plan, ports)
  if (verdict.decision === "allow") return { kind: "allowed", plan }
  if (verdict.decision === "deny") return denied(verdict)

  const question = questionOf(call, plan, verdict, ports)
  const decisionNow = () => judge(state, plan, ports).decision
  const { resolved, updatedInput } = await ports.ask(question, ports.signal, decisionNow)
  if (resolved.answer === "withdrawn") return unattended(verdict)
  if (resolved.answer === "reject_once" || resolved.answer === "reject_always") {
    if (resolved.by === "policy") return denied(judge(state, plan, ports))
    return { kind: "refused", code: "call.denied", text: refusedText(resolved.feedback) }
  }
  if (updatedInput === undefined) return { kind: "allowed", plan }

  await ports.emit([{ type: "call.amended", callId: call.callId, input: updatedInput, by: "person" }])
  const amended = await ports.replan(updatedInput)
  const second = judge(state, amended, ports)
  // The person wrote these arguments and saw them; only what is forbidden outright stands above that.
  return second.decision === "deny" ? denied(second) : { kind: "allowed", plan: amended }
}

/** The verdict on a plan, as things stand now. */
export function judge(
  state: SessionState,
  plan: CallPlan,
  ports: Pick<ApprovePorts, "policy" | "rules" | "standing" | "clock">,
): Verdict {
  return ports.policy.judge(plan, policyState(state, ports))
}

function questionOf(call: ToolCall, plan: CallPlan, verdict: Verdict, ports: ApprovePorts): Question {
  const { always, rule, reasons } = verdict
  return {
    type: "approval.requested",
    approvalId: ports.random.id("apr"),
    subject: "call",
    callId: call.callId,
    actions: [...plan.actions],
    digest: plan.digest,
    reasons: [...reasons],
    rule,
    always,
    options: optionsFor(always),
  }
}

function optionsFor(always: Rule | undefined) {
  return always === undefined
    ? (["allow_once", "reject_once"] as ("allow_once" | "reject_once")[])
    : (["allow_once", "allow_always", "reject_once", "reject_always"] as const).slice()
}

function denied(verdict: Verdict): Approved {
  return { kind: "refused", code: "call.denied", text: `Not allowed: ${verdict.reasons.join("; ")}.` }
}

function unattended(verdict: Verdict): Approved {
  const why = verdict.reasons.join("; ")
  return {
    kind: "refused",
    code: "call.unattended",
    text: `Not run: it needs a person's approval (${why}), and nobody is there to ask.`,
  }
}

function refusedText(feedback: string | undefined): string {
  const asked = "The person refused this call."
  return feedback === undefined || feedback === ""
    ? `${asked} Do not try it another way; ask or go on without it.`
    : `${asked} They say: ${feedback}`
}
