import type { CallId } from "@skein/protocol"
import type { SessionState } from "./state.ts"

/** Calls that were requested and have not settled, in order. Only the newest step can have any. */
export function openCalls(state: SessionState): CallId[] {
  const open: CallId[] = []
  for (let at = state.items.length - 1; at >= 0; at--) {
    const item = state.items[at]
    if (item?.kind === "user_message") break
    if (item?.kind === "tool_call" && item.result === undefined) open.push(item.callId)
  }
  return open.reverse()
}
