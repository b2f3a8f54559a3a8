import type { ToolCall } from "@skein/protocol"
import type { GateAnswer, NetworkGate, NetworkTarget, Verdict } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "../turn/ports.ts"
import { optionsFor, whyAsked } from "./question.ts"
import { policyState, type Standing } from "./standing.ts"

interface GatePorts extends TurnPorts {
  readonly standing: Standing
  readonly signal: AbortSignal
}

/**
 * Decides about each host that one call's processes try to reach. Connections to the same host share one question, and
 * its answer holds until the call ends. Nobody there to ask, an interrupt or a record that cannot be written refuses.
 */
export function networkGate(state: SessionState, call: ToolCall, ports: GatePorts): NetworkGate {
  const decided = new Map<string, Promise<GateAnswer>>()
  return (target, signal) => {
    const key = nameOf(target)
    const known = decided.get(key)
    const answer = known ?? decide(state, call, target, ports).catch(refusedBecause(ports))
    decided.set(key, answer)
    // A connection that is given up does not take the question away from the others.
    return orGivenUp(answer, signal)
  }
}

async function decide(
  state: SessionState,
  call: ToolCall,
  target: NetworkTarget,
  ports: GatePorts,
): Promise<GateAnswer> {
  const verdict = judgeHost(state, call, target, ports)
  const answer = verdict.decision === "ask" ? await asked(state, call, target, verdict, ports) : byPolicy(verdict)
  await ports.audit.record({
    ...{ at: ports.clock.now(), actor: verdict.decision === "ask" ? "person" : "policy", action: "network.decide" },
    resources: [{ kind: "host", name: nameOf(target) }],
    decision: answer.isAllowed ? "allow" : "deny",
    rule: verdict.rule?.id ?? (verdict.rule && `${verdict.rule.scope} ${verdict.rule.decision}`),
    ...{ sessionId: state.sessionId, turnId: call.turnId, callId: call.callId },
  })
  const isPrivateAllowed = answer.isAllowed && isMeantLiterally(target, ports.standing)
  return isPrivateAllowed ? { ...answer, isPrivateAllowed } : answer
}

function judgeHost(state: SessionState, call: ToolCall, target: NetworkTarget, ports: GatePorts): Verdict {
  return ports.policy.judgeHost(target, call.name, policyState(state, ports))
}

function byPolicy({ decision, reasons }: Verdict): GateAnswer {
  return { isAllowed: decision === "allow", reason: reasons.join("; ") }
}

async function asked(
  ...[state, call, target, verdict, ports]: [SessionState, ToolCall, NetworkTarget, Verdict, GatePorts]
): Promise<GateAnswer> {
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
  switch (resolved.answer) {
    case "allow_once":
    case "allow_always":
      // A rule may have come meanwhile that forbids it.
      if (decisionNow() === "deny") return byPolicy(judgeHost(state, call, target, ports))
      return { isAllowed: true, reason: resolved.by === "policy" ? "a rule allows it now" : "a person allowed it" }
    case "withdrawn":
      return { isAllowed: false, reason: `${verdict.reasons.join("; ")}, and nobody is there to ask` }
    default:
      return { isAllowed: false, reason: "a person refused it" }
  }
}

/** Whatever cannot be decided is refused; the error itself is told to whoever looks after this program. */
function refusedBecause({ signal, onDefect }: GatePorts) {
  return (error: unknown): GateAnswer => {
    if (signal.aborted) return { isAllowed: false, reason: "the call was stopped" }
    onDefect(error)
    return { isAllowed: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function orGivenUp(answer: Promise<GateAnswer>, signal: AbortSignal): Promise<GateAnswer> {
  const given: GateAnswer = { isAllowed: false, reason: "the connection was given up" }
  if (signal.aborted) return Promise.resolve(given)
  return new Promise((resolve) => {
    const giveUp = () => resolve(given)
    signal.addEventListener("abort", giveUp, { once: true })
    void answer.then(resolve).finally(() => signal.removeEventListener("abort", giveUp))
  })
}

/**
 * A private address is meant only by whoever names the address itself, or puts exactly this host on the list: a name that
 * a person was asked about may lead anywhere by the time it is looked up.
 */
function isMeantLiterally({ host, port }: NetworkTarget, { network }: Standing): boolean {
  return isAddress(host) || network.allow.some((entry) => entry === host || entry === `${host}:${port}`)
}

function isAddress(host: string): boolean {
  return host === "localhost" || host.includes(":") || /^\d+(\.\d+){3}$/.test(host)
}

function nameOf({ host, port }: NetworkTarget): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}
