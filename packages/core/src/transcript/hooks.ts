import type { DurableDraft, EventOf, InputId, TurnOutcome } from "@skein/protocol"
import type { OpenTurn, SessionState } from "./state.ts"

/** What hooks did to the conversation: took a prompt out of it, ended its turn, or let that go on. */
export function ranHooks(state: SessionState, event: EventOf<"hook.ran">): void {
  const { effect, reason = "", inputId } = event
  const turn = event.turnId === state.turn?.turnId ? state.turn : undefined
  if (inputId !== undefined) checkInput(state, event, inputId)
  if (turn === undefined) return
  if (effect === "stopped") turn.endedByHook = { kind: "interrupted", message: `Stopped by a hook: ${reason}` }
  if (effect === "continued") {
    turn.lastStep = undefined
    turn.hookStops += 1
  }
  // Once a step, as one that was made: else it would be decided, and blocked, again and again.
  if (effect === "blocked" && event.event === "PreCompact") turn.compactions += 1
}

function checkInput(state: SessionState, event: EventOf<"hook.ran">, inputId: InputId): void {
  const at = state.items.findLastIndex((item) => item.kind === "user_message" && item.inputId === inputId)
  if (at === -1) return
  const { turn } = state
  if (turn !== undefined) turn.isUnchecked = false
  if (event.effect !== "blocked") return
  const text = blockedText(event.reason)
  // In its place, so that all others stay where they are.
  state.items[at] = { kind: "notice", eventId: event.id, level: "warning", text }
  state.said = state.said.filter((said) => said.inputId !== inputId)
  if (turn !== undefined) turn.endedByHook = failed(text)
}

function failed(message: string): TurnOutcome {
  return { kind: "failed", code: "hook.blocked", message }
}

/** Told of a prompt that no model has read. */
export function blockedText(reason = ""): string {
  return `Not sent: a hook blocked this prompt${reason === "" ? "." : `: ${reason}`}`
}

/** A prompt that hooks did not get to look at, at its turn's end: no model reads it later either. */
export function uncheckedLeft(turn: OpenTurn, items: SessionState["items"]): DurableDraft[] {
  if (!turn.isUnchecked) return []
  const item = items.findLast((each) => each.kind === "user_message" && each.turnId === turn.turnId)
  if (item?.kind !== "user_message") return []
  const { turnId } = turn
  const about = { event: "UserPromptSubmit", turnId, inputId: item.inputId, runs: [] }
  return [{ type: "hook.ran", ...about, effect: "blocked", reason: "it was stopped before its hooks had an answer." }]
}
