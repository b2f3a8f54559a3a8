import type { ToolCall } from "@skein/protocol"
import type { CallPlan, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ApprovalAnswer, TurnPorts } from "../turn/ports.ts"
import { canPreview, isHeldByLayer } from "./preview.ts"
import { questionOf } from "./question.ts"
import { heldTo, policyState, type Standing } from "./standing.ts"
import { isCoveredBy } from "./targets.ts"

export type Approved =
  | { readonly kind: "allowed"; readonly plan: CallPlan; readonly verdict: Verdict }
  /** It is run in a layer first, and asked about with what it did. */
  | { readonly kind: "preview"; readonly plan: CallPlan; readonly verdict: Verdict }
  | Refused

export interface Refused {
  readonly kind: "refused"
  readonly code: "call.denied" | "call.unattended" | "call.stale_plan"
  /** For the model. */
  readonly text: string
  /** For the person: who refused it, why, and what they can do. */
  readonly forPerson: string
  readonly verdict: Verdict
}

export interface ApprovePorts extends TurnPorts {
  /** As it was when the call was last planned. */
  standing(): Standing
  /** Plans the call anew: the world may have changed while a person thought, or the person changed its arguments. */
  readonly replan: (input: unknown) => Promise<CallPlan>
}

/** A world that changes under every question is not approved by answering yet another. */
const QUESTIONS_MAX = 4

/**
 * May this call run, and who said so? Everything that is not clearly allowed is asked, and unanswered is refused. An
 * answer holds for exactly what was shown: it is planned again when the answer comes, and where that is another plan it
 * is asked again.
 */
export async function approve(
  state: SessionState,
  call: ToolCall,
  first: CallPlan,
  ports: ApprovePorts,
): Promise<Approved> {
  let plan = first
  let verdict = judge(state, plan, ports)
  for (let asked = 0; asked < QUESTIONS_MAX; asked++) {
    if (verdict.decision === "allow") return { kind: "allowed", plan, verdict }
    if (verdict.decision === "deny") return denied(verdict)
    // In a dry run the person is asked once, at the end, about all that was done.
    if (ports.layer !== undefined && isHeldByLayer(plan, verdict, judgedAlone(state, plan, ports))) {
      return { kind: "allowed", plan, verdict }
    }
    const isPreviewable = await canPreview(plan, state, ports)
    if (isPreviewable && ports.standing().approveEffects === true && ports.isAttended()) {
      return { kind: "preview", plan, verdict }
    }

    const sandbox = heldTo(ports.standing())
    const question = questionOf({ state, call, plan, verdict, isPreviewable }, ports)
    const decisionNow = () => judge(state, plan, ports).decision
    const answer = await ports.ask(question, ports.signal, decisionNow)
    const { resolved } = answer
    const updatedInput = amendedInput(plan, answer)
    if (resolved.answer === "withdrawn") return unattended(verdict)
    if (resolved.answer === "reject_once" || resolved.answer === "reject_always") {
      if (resolved.by === "policy") return denied(judge(state, plan, ports))
      return refusedBy(resolved.feedback, verdict)
    }
    if (updatedInput !== undefined) {
      await ports.emit([{ type: "call.amended", callId: call.callId, input: updatedInput, by: "person" }])
    }

    const now = await ports.replan(updatedInput ?? callInputOf(plan, plan.input))
    const verdictNow = judge(state, now, ports)
    if (verdictNow.decision === "deny") return denied(verdictNow)
    // The person wrote these arguments; where they lead somewhere else than what was shown, that is shown too.
    const isMeant = updatedInput === undefined ? now.digest === plan.digest : isCoveredBy(now, plan)
    const isAnswered = isMeant && heldTo(ports.standing()) === sandbox
    if (isAnswered) {
      const kind = resolved.answer === "preview" ? "preview" : "allowed"
      return { kind, plan: now, verdict: verdictNow }
    }
    plan = now
    verdict = verdictNow
  }
  return { kind: "refused", code: "call.stale_plan", text: STALE, forPerson: STALE_FOR_PERSON, verdict }
}

/** What the person wrote instead, or the call's own with the hunks they want, where it has any to choose from. */
function amendedInput(plan: CallPlan, { updatedInput, hunks }: ApprovalAnswer): unknown {
  if (updatedInput !== undefined || hunks === undefined || plan.hunksCount === undefined) return updatedInput
  return typeof plan.input === "object" ? callInputOf(plan, { ...plan.input, hunks }) : undefined
}

/** A call is planned again as it was called: what a tool took may have come through another one. */
function callInputOf(plan: CallPlan, input: unknown): unknown {
  return plan.callInput === undefined ? input : plan.callInput(input)
}

/** The verdict on a plan, as things stand now. */
export function judge(
  state: SessionState,
  plan: CallPlan,
  ports: Pick<ApprovePorts, "policy" | "rules" | "standing" | "clock">,
): Verdict {
  const verdict = ports.policy.judge(plan, policyState(state, ports))
  if (plan.isAlwaysAsked !== true || verdict.decision === "deny") return verdict
  const { always: _never, rule: _passed, ...rest } = verdict
  return { ...rest, decision: "ask", reasons: verdict.decision === "ask" ? verdict.reasons : [ALWAYS_ASKED] }
}

const ALWAYS_ASKED = "this tool is for asking you first"

/** The same on parts of it by themselves. */
function judgedAlone(state: SessionState, plan: CallPlan, ports: ApprovePorts) {
  return (effects: CallPlan["effects"]) => judge(state, { ...plan, effects }, ports)
}

const STALE =
  "Not run: what it would do changed each time before an approval could hold. Look at what changes it, and try again."

const STALE_FOR_PERSON =
  "Not run: what it would do changed each time before your answer could hold. Something else works in these files; stop it, and say to go on."

function denied(verdict: Verdict): Refused {
  const why = verdict.reasons.join("; ")
  const forPerson = `Not run, and you were not asked: ${why}. /permissions shows what is allowed.`
  return { kind: "refused", code: "call.denied", text: `Not allowed: ${why}.`, forPerson, verdict }
}

export function unattended(verdict: Verdict): Refused {
  const why = verdict.reasons.join("; ")
  const text = `Not run: it needs a person's approval (${why}), and nobody is there to ask.`
  const forPerson = `Not run: it needs your yes (${why}), and you were not there to be asked. Say to go on, and you are asked.`
  return { kind: "refused", code: "call.unattended", text, forPerson, verdict }
}

export function refusedBy(feedback: string | undefined, verdict: Verdict): Refused {
  const asked = "The person refused this call."
  const isSilent = feedback === undefined || feedback === ""
  const text = isSilent
    ? `${asked} Do not try it another way; ask or go on without it.`
    : `${asked} They say: ${feedback}`
  const forPerson = isSilent ? "You said no. It did not run." : `You said no: ${feedback}`
  return { kind: "refused", code: "call.denied", text, forPerson, verdict }
}
