import type { DurableEvent } from "@skein/protocol"
import type { SessionState } from "./state.ts"

/** What became of input that an op brought; an op that brought none, or wrote more than one event, keeps its first. */
export function noteOp(state: SessionState, opId: string, event: DurableEvent): void {
  if (state.opsTaken.has(opId)) return
  forgetOldest(state.opsTaken)
  if (event.type === "turn.started") {
    const { turnId, inputId } = event
    state.opsTaken.set(opId, { turnId, inputId, as: "started" })
  } else if (event.type === "input.queued") {
    const as = event.delivery === "steer" ? "steered" : "queued"
    state.opsTaken.set(opId, { turnId: state.turn?.turnId, inputId: event.inputId, as })
  } else if (event.type === "shell.started") {
    state.opsTaken.set(opId, { callId: event.callId })
  } else {
    state.opsTaken.set(opId, {})
  }
}

/** Nobody sends an op again after so many others; a session may go on for years. */
const OPS_KEPT = 1_000

function forgetOldest(taken: SessionState["opsTaken"]): void {
  if (taken.size < OPS_KEPT) return
  for (const oldest of taken.keys()) {
    taken.delete(oldest)
    return
  }
}
