import type { CallId, EventOf } from "@skein/protocol"
import { callOf, setCall } from "./calls.ts"
import type { SessionState } from "./state.ts"

/** What the model is told stands in the session's system text, or where it came. */
export function loadContext(state: SessionState, event: EventOf<"context.loaded">): void {
  if (event.placement === "inline") {
    // What a session starts with stands before what is said in it.
    const isBefore = event.cause === "start" && state.items.at(-1)?.kind === "user_message"
    state.items.splice(isBefore ? -1 : state.items.length, 0, { kind: "context", sections: event.sections })
    return
  }
  state.system = event.sections
  state.profile = event.profile
  state.compaction.counted = undefined
}

/** What a compaction lets go, and what stands in its place. */
export function compact(state: SessionState, event: EventOf<"context.compacted">): void {
  for (const callId of event.elided) elide(state, callId)
  const { summary, sections, gists, receipt, tokensBefore, tokensAfter, failure } = event
  if (summary !== undefined) letGo(state)
  // Who shows the whole session goes on showing these turns.
  if (gists !== undefined && state.past === undefined) replaceTurns(state, gists)
  const imagesElided = event.imagesElided === true
  const { id: eventId, causedBy: opId } = event
  state.items.push({ kind: "compaction", eventId, opId, summary, tokensBefore, tokensAfter, imagesElided })
  if (sections !== undefined && sections.length > 0) state.items.push({ kind: "context", sections })
  state.compaction.counted = undefined
  if (receipt !== undefined) state.compaction.shortened = receipt.shortened
  // Where not even what was restored fits, placing it again would only be refused again.
  for (const inputId of receipt?.shortened ?? []) state.restored.delete(inputId)
  if (failure !== undefined) state.compaction.failures += 1
  else if (event.by === "model") state.compaction.failures = 0
  if (state.turn !== undefined) {
    state.turn.compactions += 1
    state.turn.failure = undefined
  }
}

/** Of these turns only the person's words stay, and a line in place of the rest. */
function replaceTurns(state: SessionState, gists: NonNullable<EventOf<"context.compacted">["gists"]>): void {
  const gistOf = new Map(gists.flatMap((gist) => gist.turnIds.map((turnId) => [turnId, gist] as const)))
  const isPlaced = new Set<unknown>()
  const kept: SessionState["items"] = []
  for (const item of state.items) {
    const gist = "turnId" in item ? gistOf.get(item.turnId) : undefined
    if (gist === undefined || item.kind === "user_message") kept.push(item)
    if (gist === undefined || isPlaced.has(gist)) continue
    isPlaced.add(gist)
    if (gist.section !== undefined) kept.push({ kind: "context", sections: [gist.section] })
  }
  state.isPartial ||= kept.length < state.items.length
  state.items = kept
  state.callAt = new Map(kept.flatMap((item, at) => (item.kind === "tool_call" ? [[item.callId, at] as const] : [])))
}

/** What a summary replaces leaves the memory too; the log keeps it. */
function letGo(state: SessionState): void {
  state.isPartial ||= state.items.length > 0
  state.past?.push(...state.items)
  state.items = []
  state.callAt = new Map()
  state.compaction.baselineTokens = 0
}

function elide(state: SessionState, callId: CallId): void {
  const result = callOf(state, callId)?.result
  if (result === undefined) return
  // The model reads a note from here on; only who shows the whole session needs the rest.
  const { forHuman: _, changes: __, ...told } = result
  const kept = state.past === undefined ? { ...told, forModel: [] } : result
  state.isPartial ||= state.past === undefined
  setCall(state, callId, { result: { ...kept, isElided: true } })
}
