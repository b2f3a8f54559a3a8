import type { Answer, CallId, DurableDraft, EventOf, SessionId, SettingsChange } from "@skein/protocol"
import { resourceOf, ruleOf } from "../calls/record.ts"
import type { AuditEntry, AuditPort, ClockPort, Verdict } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"

/** An answer to a question: a person's, a hook's, or that of a rule that came while it was asked. */
export function answerEntry(
  state: SessionState,
  { actions, callId, rule, subject }: Pick<EventOf<"approval.requested">, "actions" | "callId" | "rule" | "subject">,
  answer: Answer,
  at: number,
  actor: "person" | "policy" | "hook" = "person",
): AuditEntry {
  const turnId = callId === undefined ? state.turn?.turnId : callOf(state, callId)?.turnId
  return {
    ...{ at, actor, action: "approval.resolve", sessionId: state.sessionId, turnId, callId },
    ...{ decision: DECISIONS[answer], outcome: `${subject} ${answer}`, rule: rule?.id },
    resources: actions.map(resourceOf),
  }
}

const DECISIONS: Readonly<Record<Answer, NonNullable<AuditEntry["decision"]>>> = {
  allow_once: "allow",
  allow_always: "allow",
  preview: "ask",
  reject_once: "deny",
  reject_always: "deny",
}

interface ShellLine {
  readonly callId: CallId
  readonly command: string
}

/** A person's own command, before it runs: on record like what the model does. */
export function shellStartEntry(
  { sessionId, turn }: SessionState,
  { callId, command }: ShellLine,
  at: number,
): AuditEntry {
  return {
    ...{ at, actor: "person", action: "shell.start", decision: "allow", sessionId, turnId: turn?.turnId, callId },
    resources: [{ kind: "command", name: command }],
  }
}

/** One that the machine's administrator denies, and by which rule. */
export function shellRefusalEntry(
  { sessionId, turn }: SessionState,
  { callId, command }: ShellLine,
  { denied, at }: { readonly denied: Verdict; readonly at: number },
): AuditEntry {
  return {
    ...{ at, actor: "person", action: "shell.refuse", decision: "deny", sessionId, turnId: turn?.turnId, callId },
    ...{ outcome: "call.denied", rule: ruleOf(denied), resources: [{ kind: "command", name: command }] },
  }
}

export type ShellEnd = ShellLine &
  Pick<Extract<DurableDraft, { type: "shell.ended" }>, "outcome" | "code" | "durationMs" | "network">

/** What became of one whose start is on record, whether it ran or not. */
export function shellEndEntry(
  { sessionId, turn }: SessionState,
  { callId, command, outcome, code, durationMs, network = [] }: ShellEnd,
  at: number,
): AuditEntry {
  return {
    ...{ at, actor: "person", action: "shell.settle", sessionId, turnId: turn?.turnId, callId, durationMs },
    outcome: code === undefined ? outcome : `${outcome} ${code}`,
    resources: [
      { kind: "command", name: command },
      ...network.map(({ host, port }) => ({ kind: "host", name: `${host}:${port}` })),
    ],
  }
}

/** What a client tells the session of a person's decision about a folder. */
export function trustEntry(
  sessionId: SessionId,
  { folder, items, decision }: Extract<DurableDraft, { type: "trust.decided" }>,
  at: number,
): AuditEntry {
  return {
    ...{ at, actor: "person", action: "trust.decide", sessionId, outcome: decision },
    decision: decision === "trusted" ? "allow" : "deny",
    resources: [{ kind: "folder", name: folder }, ...items.map(({ name }) => ({ kind: "item", name }))],
  }
}

/**
 * Settings that say what may be done: the record stands before the change. A session that begins with them begins without
 * one too where it cannot be written, to talk: each thing it would do needs a record of its own.
 */
const GUARDED = ["mode", "sandbox", "network", "approveEffects", "dryRun", "extraRoots", "tools"] as const

/** Rejects with SkeinError `audit.unwritable`, and then the change may not be made. */
export async function recordSettings(
  sessionId: SessionId,
  changes: SettingsChange,
  { audit, clock }: { readonly audit: AuditPort; readonly clock: ClockPort },
  actor: "person" | "model" = "person",
): Promise<void> {
  const changed = GUARDED.filter((key) => changes[key] !== undefined)
  if (changed.length === 0) return
  await audit.record({
    ...{ at: clock.now(), actor, action: "settings.change", sessionId },
    resources: changed.map((key) => ({ kind: "setting", name: `${key}=${JSON.stringify(changes[key])}` })),
    outcome: changed.join(" "),
  })
}
