import type { CallId } from "@skein/protocol"
import { policyState, standingOf } from "../approval/standing.ts"
import { ruleOf } from "../calls/record.ts"
import type { AuditEntry, CallPlan, NetworkGate, NetworkTarget, PolicyState, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

/** What the machine's administrator denies of a person's own command. A person's own rules are about what the model does. */
export function deniedByAdministrator(state: SessionState, plan: CallPlan, ports: EnginePorts): Verdict | undefined {
  return denial(state, ports, (policy) => ports.policy.judge(plan, policy))
}

/**
 * Whom a person's own command reaches where a sandbox holds it all the same: whom it likes, for the person typed it, but
 * for hosts that the machine's administrator denies. A host that is refused is on record, once for each command.
 */
export function typedNetwork(
  state: SessionState,
  { callId, plan }: { readonly callId: CallId; readonly plan: CallPlan },
  ports: EnginePorts,
): NetworkGate {
  const told = new Set<string>()
  const deniedHost = (target: NetworkTarget) =>
    denial(state, ports, (policy) => ports.policy.judgeHost(target, plan.name, policy))
  const refused = async (name: string, denied: Verdict) => {
    if (!told.has(name)) {
      told.add(name)
      await ports.audit.record(hostEntry(state, { callId, name, denied }, ports.clock.now()))
    }
    return { isAllowed: false, reason: deniedText(denied) }
  }
  return async (target) => {
    try {
      const denied = deniedHost(target)
      if (denied !== undefined) return await refused(nameOf(target), denied)
      return { isAllowed: true, reason: "the person typed the command" }
    } catch (error) {
      // Rules that cannot be read may deny it, and what is refused is refused without a record too.
      ports.onDefect(error)
      return { isAllowed: false, reason: error instanceof Error ? error.message : String(error) }
    }
  }
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

function hostEntry(
  { sessionId, turn }: SessionState,
  { callId, name, denied }: { readonly callId: CallId; readonly name: string; readonly denied: Verdict },
  at: number,
): AuditEntry {
  return {
    ...{ at, actor: "policy", action: "network.decide", decision: "deny", rule: ruleOf(denied) },
    ...{ resources: [{ kind: "host", name }], sessionId, turnId: turn?.turnId, callId },
  }
}

function nameOf({ host, port }: NetworkTarget): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}
