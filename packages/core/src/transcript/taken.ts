import type { DurableEvent } from "@skein/protocol"
import type { SessionState } from "./state.ts"

/** What became of input that an op brought; an op that brought none, or wrote more than one event, keeps its first. */
export function noteOp(state: SessionState, opId: string, event: DurableEvent): void {
  if (state.opsTaken.has(opId)) return
  if (event.type === "turn.started") {
    const { turnId, inputId } = event
    state.opsTaken.set(opId, { turnId, inputId, as: "started" })
  } else if (event.type === "input.queued") {
    const as = event.delivery === "steer" ? "steered" : "queued"
    state.opsTaken.set(opId, { turnId: state.turn?.turnId, inputId: event.inputId, as })
  } else {
    state.opsTaken.set(opId, {})
  }
}
