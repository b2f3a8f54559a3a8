import type { CallPlan, PolicyState } from "@skein/core/ports"
import { holdsOf } from "../content/written.ts"
import { partsOf } from "../judge/parts.ts"
import { places } from "../judge/places.ts"
import { matches } from "../rules/matches.ts"
import type { ProjectRule } from "./read.ts"

/** What rules that only warn say of a call that is about to run: each message once, with the file it stands in. */
export function warningsOf(plan: CallPlan, rules: readonly ProjectRule[], home: string | undefined): readonly string[] {
  const warning = rules.filter(({ decision }) => decision === "warn")
  if (warning.length === 0) return []
  const parts = partsOf(plan, STATE, places(home), home)
  const holds = holdsOf(plan)
  const held = warning.filter((rule) => {
    const strict = { ...rule, decision: "ask" } as const
    return parts.some(({ about }) => matches(strict, plan.rulesOf ?? plan.name, about, STATE, holds))
  })
  return [...new Set(held.map(({ reason, source }) => `${reason} (${source})`))]
}

/** What a part is about does not hang on the mode. */
const STATE: PolicyState = {
  ...{ mode: "ask", sandbox: "workspace-write", rules: [], now: 0, taint: [] },
  network: { access: "ask", allow: [] },
}
