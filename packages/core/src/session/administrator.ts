import { policyState, standingOf } from "../approval/standing.ts"
import type { CallPlan, PolicyState, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

/** What the machine's administrator denies of a person's own command. A person's own rules are about what the model does. */
export function deniedByAdministrator(state: SessionState, plan: CallPlan, ports: EnginePorts): Verdict | undefined {
  return denial(state, ports, (policy) => ports.policy.judge(plan, policy))
}

/** A sentence for the person whose command it was. */
export function deniedText({ reasons }: Verdict): string {
  return `This machine's administrator does not allow it: ${reasons.join("; ")}.`
}

function denial(state: SessionState, ports: EnginePorts, judge: (policy: PolicyState) => Verdict): Verdict | undefined {
  const managed = ports.rulesFor(state.created.workspace.path).filter(({ scope }) => scope === "managed")
  if (managed.length === 0) return undefined
  const standing = () => ({ ...standingOf(state.settings), mode: "full" as const })
  const verdict = judge(policyState(state, { rules: () => managed, standing, clock: ports.clock }))
  return verdict.decision === "deny" && verdict.rule?.scope === "managed" ? verdict : undefined
}
