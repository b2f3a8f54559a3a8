import type { DurableDraft } from "@skein/protocol"
import { callOf } from "../transcript/fold.ts"
import { openCalls } from "../transcript/open.ts"
import type { SessionState } from "../transcript/state.ts"

const MAY_HAVE_RUN =
  "It is not known whether this ran: skein was stopped while it did. It may have run; check before repeating it."

/**
 * What has to be written when a log is opened whose last writer was stopped in the middle: every call that had started
 * is settled, a step without an end is discarded with its text kept, and a turn with nothing left to wait for is ended.
 * A turn that waits for a person's approval stays open: it is asked again when somebody is there to answer.
 */
export function recovery(state: SessionState): DurableDraft[] {
  const turn = state.turn
  if (turn === undefined) return []
  const open = openCalls(state)
  const started = open.filter((callId) => callOf(state, callId)?.state === "executing")
  const drafts: DurableDraft[] = started.map((callId) => ({
    type: "call.settled",
    callId,
    outcome: "error",
    code: "call.unknown_outcome",
    forModel: [{ type: "text", text: MAY_HAVE_RUN }],
    forHuman: { kind: "text", body: MAY_HAVE_RUN, summary: "unknown" },
    durationMs: 0,
  }))
  drafts.push(...brokenStep(state))
  const isWaiting = state.approvals.size > 0 && open.length > started.length
  return isWaiting ? drafts : [...drafts, ...closing(state, started)]
}

/** Ends a turn that nobody will go on with: what was asked for and not started is cancelled. */
export function closing(state: SessionState, settled: readonly string[] = []): DurableDraft[] {
  const turn = state.turn
  if (turn === undefined) return []
  const unsettled = openCalls(state).filter((callId) => !settled.includes(callId))
  return [
    ...[...state.approvals.keys()].map(
      (approvalId): DurableDraft => ({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "nobody" }),
    ),
    ...unsettled.map(
      (callId): DurableDraft => ({
        type: "call.settled",
        callId,
        outcome: "cancelled",
        code: "call.cancelled",
        forModel: [{ type: "text", text: "Not run: skein was stopped before it could." }],
        durationMs: 0,
      }),
    ),
    { type: "turn.ended", turnId: turn.turnId, outcome: { kind: "interrupted" } },
  ]
}

/** An attempt that a crash cut off: what had reached the log of its text is kept as interrupted. */
function brokenStep(state: SessionState): DurableDraft[] {
  const turn = state.turn
  const attempt = turn?.attempt
  if (turn === undefined || attempt === undefined) return []
  const { turnId } = turn
  const { step } = attempt
  const texts = [...attempt.appended].map(
    ([itemId, { kind, text }], index): DurableDraft => ({
      type: "item.completed",
      turnId,
      step,
      itemId,
      index: 1_000 + index,
      kind,
      text,
      status: "interrupted",
    }),
  )
  const message = "skein was stopped while the model was answering."
  return [
    ...texts,
    { type: "step.discarded", turnId, step, attempt: attempt.attempt, code: "provider.stream_cut", message },
  ]
}
