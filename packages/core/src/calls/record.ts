import type { CallId, EventOf, FileChange, PlannedAction, ToolCall, TurnId } from "@skein/protocol"
import type { AuditEntry, CallPlan, Verdict } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

type Recording = Pick<TurnPorts, "audit" | "clock">

/** Before a call runs. Rejects with SkeinError `audit.unwritable`, and then it may not. */
export function recordStart(
  state: SessionState,
  call: ToolCall,
  { plan, verdict }: { readonly plan: CallPlan; readonly verdict: Verdict },
  ports: Recording,
): Promise<void> {
  return ports.audit.record({
    ...about(state, call, ports),
    ...{ action: "call.start", decision: "allow", rule: ruleOf(verdict) },
    resources: [{ kind: "tool", name: plan.name }, ...plan.actions.map(resourceOf)],
  })
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
    resources: [{ kind: "tool", name: plan.name }, ...plan.actions.map(resourceOf)],
  })
}

/** What becomes of a throw-away layer: before it is done. */
export function recordLayer(
  state: SessionState,
  action: "layer.preview" | "layer.keep" | "layer.drop",
  { turnId, callId, resources = [] }: LayerRecord,
  { audit, clock }: Recording,
): Promise<void> {
  return audit.record({
    ...{ at: clock.now(), actor: ACTORS[action], action, sessionId: state.sessionId, turnId, callId },
    resources,
  })
}

interface LayerRecord {
  readonly turnId?: TurnId | undefined
  readonly callId?: CallId | undefined
  readonly resources?: AuditEntry["resources"] | undefined
}

const ACTORS = { "layer.preview": "model", "layer.keep": "person", "layer.drop": "skein" } as const

export function changedFiles(changes: readonly FileChange[]): AuditEntry["resources"] {
  return changes.map(({ path }) => ({ kind: "file", name: path }))
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
