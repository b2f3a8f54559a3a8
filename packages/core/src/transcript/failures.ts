import type { EventOf } from "@skein/protocol"
import type { OpenTurn, SessionState } from "./state.ts"

/** An attempt that counts for nothing, and what can be done about it. */
export function discardStep(state: SessionState, turn: OpenTurn, event: EventOf<"step.discarded">): void {
  const from = turn.attempt?.itemsFrom ?? state.items.length
  for (let at = from; at < state.items.length; at++) {
    const item = state.items[at]
    if (item?.kind === "agent_message" || item?.kind === "reasoning") state.items[at] = { ...item, status: "discarded" }
    if (item?.kind === "hosted_call") state.items[at] = { ...item, isDiscarded: true }
  }
  turn.attempt = undefined
  turn.failures += 1
  const retryAtMs = event.retryInMs === undefined ? undefined : event.at + event.retryInMs
  const limitUntilMs = event.limitMs === undefined ? undefined : event.at + event.limitMs
  turn.failure = { code: event.code, message: event.message, retryAtMs, limitUntilMs }
  turn.overloads = event.code === "provider.overloaded" ? turn.overloads + 1 : 0
}

/** Whether the end of a long limit is waited for. */
export function decideWait(turn: OpenTurn, { isWaiting, untilMs }: EventOf<"wait.decided">): void {
  const failure = turn.failure
  if (failure === undefined) return
  const retryAtMs = isWaiting ? untilMs : failure.retryAtMs
  turn.failure = { ...failure, retryAtMs, isAwaited: isWaiting }
}

/** Another model is asked at once, to the turn's end. */
export function rerouteTurn(state: SessionState, turn: OpenTurn, { model, at }: EventOf<"turn.rerouted">): void {
  turn.reroutedTo = model
  turn.overloads = 0
  turn.attemptsBefore = turn.failures
  // Another model counts otherwise.
  state.compaction.counted = undefined
  if (turn.failure !== undefined) turn.failure = { ...turn.failure, retryAtMs: at }
}
