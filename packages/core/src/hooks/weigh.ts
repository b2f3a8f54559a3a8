import type { Rule } from "@skein/protocol"
import type { CallPlan, HookOutcome, Verdict } from "../ports/index.ts"

/** What hooks said of a call before it was judged. */
export type HookWord = Pick<HookOutcome, "decision" | "reason">

/** A hook that allows a call is a rule that allows its tool: what such a rule does not lift, no hook does. */
export function ruleOfHook({ name, rulesOf }: CallPlan): Rule {
  return { tool: rulesOf ?? name, decision: "allow", scope: "session" }
}

/** The verdict with what a hook wants added; `lifted` is the verdict where the hook's word were a rule. Pure. */
export function weighed(verdict: Verdict, { decision, reason }: HookWord, lifted: () => Verdict): Verdict {
  const why = reason === undefined || reason === "" ? "" : `: ${reason}`
  if (decision === "ask" && verdict.decision !== "deny") {
    const { always: _, rule: __, ...rest } = verdict
    const reasons = verdict.decision === "ask" ? verdict.reasons : []
    return { ...rest, decision: "ask", reasons: [`a hook wants you to be asked${why}`, ...reasons] }
  }
  if (decision !== "allow" || verdict.decision !== "ask" || lifted().decision !== "allow") return verdict
  return { decision: "allow", reasons: [`a hook allows it${why}`] }
}
