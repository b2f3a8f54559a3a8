import type { EventOf } from "@skein/protocol"
import type { ChildRecord } from "./beside.ts"
import { callOf } from "./calls.ts"
import type { SessionState } from "./state.ts"
import { taintedBy } from "./taint.ts"

/** A child begins, or goes on. */
export function beginChild(state: SessionState, event: EventOf<"subagent.started">): void {
  const { childSessionId: sessionId, agent, description, callId, isBackground = false, at } = event
  const microUsd = state.children.get(sessionId)?.microUsd ?? 0
  const record = { sessionId, agent, description, callId, isBackground, startedAt: at, microUsd }
  state.children.set(sessionId, { ...record, ended: undefined, isNews: false })
}

/** A child has ended: told by the call that waits for it, else with the next step. */
export function endChild(state: SessionState, event: EventOf<"subagent.ended">): void {
  const record = state.children.get(event.childSessionId)
  if (record === undefined) return
  const call = record.callId === undefined ? undefined : callOf(state, record.callId)
  const isWaitedFor = call !== undefined && call.result === undefined
  // Who stopped its call knows that it was stopped.
  const isNews = record.isBackground || (!isWaitedFor && event.outcome.kind !== "interrupted")
  const microUsd = record.microUsd + event.microUsd
  state.children.set(record.sessionId, { ...record, microUsd, ended: event, isNews })
}

/** What a turn waited for counts against its limits. */
export function chargeTurn({ turn, children }: SessionState, event: EventOf<"subagent.ended">): void {
  if (turn === undefined || children.get(event.childSessionId)?.isBackground !== false) return
  turn.childTokens += event.tokens
  turn.childMicroUsd += event.microUsd
}

/** The source of the sections that tell the model of a child's end. */
export const AGENT_SOURCE = "agent"

/** What such a section begins with. */
export function endHead({ agent, sessionId }: Pick<ChildRecord, "agent" | "sessionId">): string {
  return `The sub-agent ${agent} (${sessionId}) has ended`
}

/** From here on the model knows of it, and the turn of what it read. */
export function tellEnds(state: SessionState, { placement, sections }: EventOf<"context.loaded">): void {
  if (placement !== "inline") return
  for (const { source, text } of sections) {
    if (source !== AGENT_SOURCE) continue
    for (const record of state.children.values()) {
      if (!record.isNews || !text.startsWith(endHead(record))) continue
      state.children.set(record.sessionId, { ...record, isNews: false })
      if (state.turn === undefined) continue
      const taint = (record.ended?.taint ?? []).map((from) => ({ source: from }))
      state.turn.taint = taint.reduce(taintedBy, state.turn.taint)
    }
  }
}

/** What children cost whose ends are in the log, in micro-USD. */
export function childrenMicroUsd({ children }: SessionState): number {
  let sum = 0
  for (const { microUsd } of children.values()) sum += microUsd
  return sum
}
