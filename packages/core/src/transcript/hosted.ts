import type { EventOf } from "@skein/protocol"
import type { OpenTurn, SessionState } from "./state.ts"
import { tainted } from "./taint.ts"

/** The model's provider searched the web: from here on the turn has read what strangers wrote. */
export function addHosted(state: SessionState, turn: OpenTurn, event: EventOf<"hosted_call.completed">): void {
  const { turnId, step, itemId, index, name, action, sources, failure, isOpen, providerData } = event
  const facts = { turnId, step, itemId, index, name, action, sources, failure, isOpen, providerData }
  state.items.push({ kind: "hosted_call", ...facts, isDiscarded: false })
  if (failure === undefined) turn.taint = tainted(turn.taint, FROM_THE_WEB)
}

const FROM_THE_WEB = { source: "what a web search found", isTrusted: false } as const
