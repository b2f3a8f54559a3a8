import type { ToolCall } from "@skein/protocol"
import { type HookWord, ruleOfHook, weighed } from "../hooks/weigh.ts"
import type { CallPlan, HookOutcome, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ApprovalAnswer, TurnPorts } from "../turn/ports.ts"
import { canPreview, isHeldByLayer } from "./preview.ts"
import { questionOf } from "./question.ts"
import { denied, type Refused, refusedBy, refusedByHook, unattended } from "./refused.ts"
import { heldTo, policyState, type Standing } from "./standing.ts"
import { isCoveredBy } from "./targets.ts"

export type Approved =
  | AllowedCall
  /** It is run in a layer first, and asked about with what it did. */
  | (Omit<AllowedCall, "kind"> & { readonly kind: "preview" })
  | Refused

interface AllowedCall {
  readonly kind: "allowed"
  readonly plan: CallPlan
  readonly verdict: Verdict
  /** The arguments that it runs with, where a person or a hook wrote other ones. */
  readonly input?: unknown
  /** A person was asked, and said so. */
  readonly isAnswered?: boolean | undefined
}

export interface ApprovePorts extends TurnPorts {
  /** As it was when the call was last planned. */
  standing(): Standing
  /** Plans the call anew: the world may have changed while a person thought, or the person changed its arguments. */
  readonly replan: (input: unknown) => Promise<CallPlan>
  /** What hooks said of it before it was judged. */
  readonly said?: HookWord | undefined
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
  let verdict = judgeSaid(state, plan, ports)
  let input: unknown
  for (let asked = 0; asked < QUESTIONS_MAX; asked++) {
    if (verdict.decision === "allow") return { kind: "allowed", plan, verdict, input }
    if (verdict.decision === "deny") return denied(verdict)
    // In a dry run the person is asked once, at the end, about all that was done.
    if (ports.layer !== undefined && isHeldByLayer(plan, verdict, judgedAlone(state, plan, ports))) {
      return { kind: "allowed", plan, verdict, input }
    }
    const hooked = await hooksSay(state, call, { plan, verdict }, ports)
    if (hooked?.kind === "refused") return hooked
    if (hooked !== undefined) {
      input = hooked.input ?? input
      if (hooked.isAllowed) return { kind: "allowed", plan: hooked.plan, verdict: hooked.verdict, input }
      plan = hooked.plan
      verdict = hooked.verdict
      // It is another call now: it is judged, and asked about, as that.
      if (verdict.decision !== "ask") continue
    }
    const isPreviewable = await canPreview(plan, state, ports)
    if (isPreviewable && ports.standing().approveEffects === true && ports.isAttended()) {
      return { kind: "preview", plan, verdict, input }
    }

    const sandbox = heldTo(ports.standing())
    const question = questionOf({ state, call, plan, verdict, isPreviewable }, ports)
    const asking = plan
    const decisionNow = () => judgeSaid(state, asking, ports).decision
    const answer = await ports.ask(question, ports.signal, decisionNow)
    const { resolved } = answer
    const updatedInput = amendedInput(plan, answer)
    if (resolved.answer === "withdrawn") return unattended(verdict)
    if (resolved.answer === "reject_once" || resolved.answer === "reject_always") {
      if (resolved.by === "policy") return denied(judgeSaid(state, plan, ports))
      return refusedBy(resolved.feedback, verdict)
    }
    if (updatedInput !== undefined) {
      await ports.emit([{ type: "call.amended", callId: call.callId, input: updatedInput, by: "person" }])
      input = updatedInput
    }

    const now = await ports.replan(updatedInput ?? callInputOf(plan, plan.input))
    const verdictNow = judgeSaid(state, now, ports)
    if (verdictNow.decision === "deny") return denied(verdictNow)
    // The person wrote these arguments; where they lead somewhere else than what was shown, that is shown too.
    const isMeant = updatedInput === undefined ? now.digest === plan.digest : isCoveredBy(now, plan)
    const isAnswered = isMeant && heldTo(ports.standing()) === sandbox
    if (isAnswered) {
      const how = { plan: now, verdict: verdictNow, input }
      if (resolved.answer === "preview") return { kind: "preview", ...how }
      return { kind: "allowed", ...how, isAnswered: resolved.by === "person" }
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

type HooksSaid =
  | Refused
  | {
      readonly kind: "said"
      readonly plan: CallPlan
      readonly verdict: Verdict
      readonly isAllowed: boolean
      readonly input?: unknown
    }

/** What hooks say where a person would be asked; undefined where nothing comes of it. */
async function hooksSay(
  state: SessionState,
  call: ToolCall,
  judged: { readonly plan: CallPlan; readonly verdict: Verdict },
  ports: ApprovePorts,
): Promise<HooksSaid | undefined> {
  if (ports.hooks?.has("PermissionRequest") !== true) return undefined
  const { answeredByHook, askedOfHooks } = await import("../hooks/at-permission.ts")
  const said = await askedOfHooks(state, { call, signal: ports.signal, ...judged }, ports)
  if (ports.signal.aborted) throw ports.signal.reason
  if (said === undefined) return undefined
  const { plan, verdict, input } = await amended(state, call, { ...judged, said }, ports)
  if (verdict.decision === "deny") return denied(verdict)
  const isDenied = said.decision === "deny" || said.block !== undefined || said.stop !== undefined
  const lifted = judge(state, plan, ports, { decision: said.decision, reason: said.reason })
  // Where one hook wants a person to be asked, no other answers for them.
  const isOpen = ports.said?.decision !== "ask"
  const isAllowed = isOpen && said.decision === "allow" && lifted.decision === "allow"
  if (isDenied || isAllowed) {
    const question = questionOf({ state, call, plan, verdict, isPreviewable: false }, ports)
    await answeredByHook(state, question, isDenied ? { ...said, decision: "deny" } : said, ports)
  }
  if (isDenied) return refusedByHook(said.block?.reason ?? said.reason ?? said.stop?.reason, verdict)
  const isOther = isAllowed || input !== undefined
  return isOther ? { kind: "said", plan, verdict: isAllowed ? lifted : verdict, isAllowed, input } : undefined
}

/** With the arguments that a hook wrote, planned and judged as those. */
async function amended(
  state: SessionState,
  { callId }: ToolCall,
  { plan, verdict, said }: { readonly plan: CallPlan; readonly verdict: Verdict; readonly said: HookOutcome },
  ports: ApprovePorts,
): Promise<{ readonly plan: CallPlan; readonly verdict: Verdict; readonly input?: unknown }> {
  const { input } = said
  if (input === undefined) return { plan, verdict }
  await ports.emit([{ type: "call.amended", callId, input, by: "hook" }])
  const now = await ports.replan(input)
  return { plan: now, verdict: judgeSaid(state, now, ports), input }
}

/** With what hooks said before it was judged. */
function judgeSaid(state: SessionState, plan: CallPlan, ports: ApprovePorts): Verdict {
  return judge(state, plan, ports, ports.said)
}

/** The verdict on a plan, as things stand now. */
export function judge(
  state: SessionState,
  plan: CallPlan,
  ports: Pick<ApprovePorts, "policy" | "rules" | "standing" | "clock">,
  said: HookWord = {},
): Verdict {
  const verdict = alwaysAsked(plan, ports.policy.judge(plan, policyState(state, ports)))
  // What mode plan asks about, and what was read that nobody may be steered by, only a person lifts.
  const isLiftable = ports.standing().mode !== "plan" && plan.isAlwaysAsked !== true
  const rules = () => [...ports.rules(), ruleOfHook(plan)]
  const lifted = () => (isLiftable ? ports.policy.judge(plan, policyState(state, { ...ports, rules })) : verdict)
  return weighed(verdict, said, lifted)
}

function alwaysAsked(plan: CallPlan, verdict: Verdict): Verdict {
  if (plan.isAlwaysAsked !== true || verdict.decision === "deny") return verdict
  const { always: _never, rule: _passed, ...rest } = verdict
  const said = verdict.decision === "ask" ? verdict.reasons : []
  const why = plan.askedBecause ?? (said.length === 0 ? ALWAYS_ASKED : undefined)
  const reasons = why === undefined ? said : [why, ...said]
  return { ...rest, decision: "ask", reasons }
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
