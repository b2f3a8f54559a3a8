import type { Answer, DurableDraft, EventOf } from "@skein/protocol"
import { resourceOf } from "../calls/record.ts"
import type { AuditEntry, AuditPort, ClockPort } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"

/** A person's answer to a question. */
export function answerEntry(
  state: SessionState,
  { actions, callId, rule, subject }: EventOf<"approval.requested">,
  answer: Answer,
  at: number,
): AuditEntry {
  const turnId = callId === undefined ? state.turn?.turnId : callOf(state, callId)?.turnId
  return {
    ...{ at, actor: "person", action: "approval.resolve", sessionId: state.sessionId, turnId, callId },
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

/** What a client tells the session of a person's decision about a folder. */
function trustEntry(
  { sessionId }: SessionState,
  { folder, items, decision }: Extract<DurableDraft, { type: "trust.decided" }>,
  at: number,
): AuditEntry {
  return {
    ...{ at, actor: "person", action: "trust.decide", sessionId, outcome: decision },
    decision: decision === "trusted" ? "allow" : "deny",
    resources: [{ kind: "folder", name: folder }, ...items.map(({ name }) => ({ kind: "item", name }))],
  }
}

/** Settings that say what may be done: the record stands before the change. */
const GUARDED = ["mode", "sandbox", "network", "approveEffects", "dryRun", "extraRoots", "tools"] as const

/** Rejects with SkeinError `audit.unwritable`, and then the change may not be made. */
export async function recordSettings(
  state: SessionState,
  draft: DurableDraft,
  { audit, clock }: { readonly audit: AuditPort; readonly clock: ClockPort },
): Promise<void> {
  if (draft.type === "trust.decided") return audit.record(trustEntry(state, draft, clock.now()))
  if (draft.type !== "settings.changed") return
  const { changes } = draft
  const changed = GUARDED.filter((key) => changes[key] !== undefined)
  if (changed.length === 0) return
  await audit.record({
    ...{ at: clock.now(), actor: "person", action: "settings.change", sessionId: state.sessionId },
    resources: changed.map((key) => ({ kind: "setting", name: `${key}=${JSON.stringify(changes[key])}` })),
    outcome: changed.join(" "),
  })
}
