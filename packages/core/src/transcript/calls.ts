import type { CallId, Item, ToolCall } from "@skein/protocol"
import type { SessionState } from "./state.ts"

export function callOf(state: SessionState, callId: CallId): ToolCall | undefined {
  const at = state.callAt.get(callId)
  const item = at === undefined ? undefined : state.items[at]
  return item?.kind === "tool_call" ? item : undefined
}

export function setCall(
  state: SessionState,
  callId: CallId,
  changes: Partial<Pick<ToolCall, "state" | "result">>,
): void {
  const at = state.callAt.get(callId)
  const call = callOf(state, callId)
  if (at !== undefined && call !== undefined) state.items[at] = { ...call, ...changes }
}

export function callsFrom(state: SessionState, from: number): ToolCall[] {
  return state.items.slice(from).filter((item: Item) => item.kind === "tool_call")
}

/** A call that another call made: the model did not ask for it, and reads only what the other gives. */
export function isNested(item: Item | undefined): boolean {
  return item?.kind === "tool_call" && item.parentCallId !== undefined
}
