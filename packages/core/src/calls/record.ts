import type { EventOf, PlannedAction, ToolCall } from "@skein/protocol"
import type { AuditEntry, CallPlan, Verdict } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

type Recording = Pick<TurnPorts, "audit" | "clock">

/** Before a call runs. Rejects with SkeinError `audit.unwritable`, and then it may not. */
export function recordStart(...[state, call, begun, ports]: Begin): Promise<void> {
  return ports.audit.record({ ...begin(state, call, begun, ports), action: "call.start" })
}

/** Before a call is tried in a layer: it runs, whatever becomes of what it did. Rejects like `recordStart`. */
export function recordTrial(...[state, call, begun, ports]: Begin): Promise<void> {
  return ports.audit.record({ ...begin(state, call, begun, ports), action: "layer.preview" })
}

type Begin = [
  state: SessionState,
  call: ToolCall,
  begun: { readonly plan: CallPlan; readonly verdict: Verdict },
  ports: Recording,
]

function begin(...[state, call, { plan, verdict }, ports]: Begin): Omit<AuditEntry, "action"> {
  return {
    ...about(state, call, ports),
    ...{ decision: "allow", rule: ruleOf(verdict) },
    resources: [{ kind: "tool", name: call.name }, ...plan.actions.map(resourceOf)],
  }
}

/** A call that will not run, and who says so. */
export function recordRefusal(
  state: SessionState,
  call: ToolCall,
  { plan, verdict, code }: { readonly plan: CallPlan; readonly verdict: Verdict; readonly code: string },
  ports: Recording,
): Promise<void> {
  return ports.audit.record({
    ...about(state, call, ports),
    ...{ action: "call.refuse", decision: "deny", outcome: code, rule: ruleOf(verdict) },
    resources: [{ kind: "tool", name: call.name }, ...plan.actions.map(resourceOf)],
  })
}

/** What became of a call, whether it ran or not. */
export function endEntry(state: SessionState, event: EventOf<"call.settled">): AuditEntry {
  const { at, callId, outcome, code, durationMs, changes = [], network = [] } = event
  const call = callOf(state, callId)
  return {
    ...{ at, actor: "model", action: "call.settle", sessionId: state.sessionId, turnId: call?.turnId, callId },
    ...{ outcome: code === undefined ? outcome : `${outcome} ${code}`, durationMs },
    resources: [
      ...(call === undefined ? [] : [{ kind: "tool", name: call.name }]),
      ...changes.map(({ path }) => ({ kind: "file", name: path })),
      ...network.map(({ host, port }) => ({ kind: "host", name: `${host}:${port}` })),
    ],
  }
}

function about(state: SessionState, { turnId, callId }: ToolCall, { clock }: Recording) {
  return { at: clock.now(), actor: "model", sessionId: state.sessionId, turnId, callId }
}

export function ruleOf({ rule }: Verdict): string | undefined {
  return rule === undefined ? undefined : (rule.id ?? `${rule.scope} ${rule.decision}`)
}

export function resourceOf({ verb, target }: PlannedAction): AuditEntry["resources"][number] {
  return { kind: KINDS[verb] ?? "file", name: target }
}

const KINDS: Readonly<Record<string, string>> = { run: "command", network: "host", delegate: "agent" }
