import type { DurableDraft, ToolCall } from "@skein/protocol"
import type { CallPlan, HookOutcome, Verdict } from "../ports/index.ts"
import { answerEntry } from "../session/record.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { contextOf } from "./context.ts"

interface Asked {
  readonly call: ToolCall
  readonly plan: CallPlan
  readonly verdict: Verdict
  readonly signal: AbortSignal
}

/** What hooks say where a person would be asked; nothing decided where they say nothing. */
export async function askedOfHooks(
  state: SessionState,
  { call, plan, verdict, signal }: Asked,
  { hooks, tokens }: TurnPorts,
): Promise<HookOutcome | undefined> {
  const { callId } = call
  const about = { toolName: plan.name, callId, input: call.input, reasons: verdict.reasons }
  const drafts = contextOf({ state, tokens, about: `of the call ${plan.name}` })
  return hooks?.run({ event: "PermissionRequest", ...about }, { callId, signal, drafts })
}

/** The question and a hook's answer to it, in the log as one. Rejects with SkeinError where it cannot be recorded. */
export async function answeredByHook(
  state: SessionState,
  question: Question,
  { decision, reason, block }: HookOutcome,
  { audit, clock, emit }: TurnPorts,
): Promise<void> {
  const isAllowed = decision === "allow"
  const answer = isAllowed ? "allow_once" : "reject_once"
  const entry = answerEntry(state, question, answer, clock.now(), "hook")
  await audit.record(entry)
  const feedback = block?.reason ?? reason
  const { approvalId } = question
  const resolved: DurableDraft = { type: "approval.resolved", approvalId, answer, by: "hook", feedback }
  await emit([question, resolved], { flush: true })
}
