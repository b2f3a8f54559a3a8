import type { EventOf, ToolCall } from "@skein/protocol"
import { ruleOf } from "../calls/record.ts"
import type { GateAnswer, NetworkGate, NetworkTarget, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { optionsFor, whyAsked } from "./question.ts"
import { policyState, type Standing } from "./standing.ts"

interface GatePorts extends TurnPorts {
  /** With the network as it is set now, which may be closed while a command runs. */
  standing(): Standing
  readonly signal: AbortSignal
  /** Hosts, with their ports, that the call was planned to reach and was allowed to when it began. */
  readonly planned: readonly string[]
}

interface Decided extends GateAnswer {
  /** Who says so. */
  readonly by: Resolver
}

type Resolver = EventOf<"approval.resolved">["by"]

/**
 * Decides about each host that one call's processes try to reach. Connections to the same host share one question, and
 * its answer holds until the call ends, or until the policy would not have let it be given. Nobody there to ask, an
 * interrupt or a record that cannot be written refuses.
 */
export function networkGate(state: SessionState, call: ToolCall, ports: GatePorts): NetworkGate {
  const decided = new Map<string, Promise<Decided>>()
  const answered = async (target: NetworkTarget): Promise<Decided> => {
    const key = nameOf(target)
    const known = decided.get(key)
    if (known !== undefined) {
      const answer = await known
      if (!answer.isAllowed || holds(answer, judgeHost(state, call, target, ports))) return answer
      // Whoever came first decides it anew, for all.
      if (decided.get(key) !== known) return answered(target)
    }
    const answer = decide(state, call, target, ports).catch(refusedBecause(ports))
    decided.set(key, answer)
    return answer
  }
  // A connection that is given up does not take the question away from the others.
  return (target, signal) => orGivenUp(answered(target).catch(refusedBecause(ports)), signal)
}

/** Whether what was allowed may still be: a person's answer for this call outlives everything but a denial. */
function holds({ by }: Decided, { decision }: Verdict): boolean {
  return decision === "allow" || (decision === "ask" && by === "person")
}

async function decide(state: SessionState, call: ToolCall, target: NetworkTarget, ports: GatePorts): Promise<Decided> {
  const verdict = judgeHost(state, call, target, ports)
  const answer = verdict.decision === "ask" ? await whenAsked(state, call, target, verdict, ports) : byPolicy(verdict)
  await ports.audit.record({
    ...{ at: ports.clock.now(), actor: ACTORS[answer.by], action: "network.decide" },
    resources: [{ kind: "host", name: nameOf(target) }],
    decision: answer.isAllowed ? "allow" : "deny",
    rule: ruleOf(verdict),
    ...{ sessionId: state.sessionId, turnId: call.turnId, callId: call.callId },
  })
  // A name that a person was asked about may lead anywhere by the time it is looked up.
  const isPrivateAllowed = answer.isAllowed && verdict.isListedLiterally === true
  return isPrivateAllowed ? { ...answer, isPrivateAllowed } : answer
}

/** Where nobody was there to answer, skein did. */
const ACTORS: Readonly<Record<Resolver, string>> = { person: "person", policy: "policy", hook: "hook", nobody: "skein" }

function judgeHost(state: SessionState, call: ToolCall, target: NetworkTarget, ports: GatePorts): Verdict {
  return ports.policy.judgeHost(target, call.name, policyState(state, ports))
}

function byPolicy({ decision, reasons }: Verdict): Decided {
  return { isAllowed: decision === "allow", reason: reasons.join("; "), by: "policy" }
}

/** Nobody is asked twice: who allowed a call allowed the hosts that it named. */
async function whenAsked(...asking: Parameters<typeof asked>): Promise<Decided> {
  const [, , target, , { planned }] = asking
  if (planned.includes(nameOf(target)))
    return { isAllowed: true, reason: "the call was allowed to reach it", by: "policy" }
  return await asked(...asking)
}

async function asked(
  ...[state, call, target, verdict, ports]: [SessionState, ToolCall, NetworkTarget, Verdict, GatePorts]
): Promise<Decided> {
  const question: Question = {
    type: "approval.requested",
    approvalId: ports.random.id("apr"),
    subject: "network",
    callId: call.callId,
    actions: [{ verb: "network", target: nameOf(target) }],
    digest: `${call.callId} ${nameOf(target)}`,
    ...whyAsked(state, verdict),
    options: optionsFor(verdict.always, false),
  }
  const decisionNow = () => judgeHost(state, call, target, ports).decision
  const { resolved } = await ports.ask(question, ports.signal, decisionNow)
  const { by } = resolved
  switch (resolved.answer) {
    case "allow_once":
    case "allow_always":
      // A rule may have come meanwhile that forbids it.
      if (decisionNow() === "deny") return byPolicy(judgeHost(state, call, target, ports))
      return { isAllowed: true, reason: by === "policy" ? "a rule allows it now" : "a person allowed it", by }
    case "withdrawn":
      return { isAllowed: false, reason: `${verdict.reasons.join("; ")}, and nobody is there to ask`, by }
    default:
      return { isAllowed: false, reason: by === "policy" ? "a rule forbids it now" : "a person refused it", by }
  }
}

/** Whatever cannot be decided is refused; the error itself is told to whoever looks after this program. */
function refusedBecause({ signal, onDefect }: GatePorts) {
  return (error: unknown): Decided => {
    if (signal.aborted) return { isAllowed: false, reason: "the call was stopped", by: "nobody" }
    onDefect(error)
    return { isAllowed: false, reason: error instanceof Error ? error.message : String(error), by: "nobody" }
  }
}

function orGivenUp(answer: Promise<Decided>, signal: AbortSignal): Promise<GateAnswer> {
  const given: GateAnswer = { isAllowed: false, reason: "the connection was given up" }
  if (signal.aborted) return Promise.resolve(given)
  return new Promise((resolve) => {
    const giveUp = () => resolve(given)
    signal.addEventListener("abort", giveUp, { once: true })
    void answer.then(({ by: _, ...told }) => resolve(told)).finally(() => signal.removeEventListener("abort", giveUp))
  })
}

function nameOf({ host, port }: NetworkTarget): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}
