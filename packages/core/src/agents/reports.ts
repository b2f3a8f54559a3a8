import type { SessionId, SubagentReport } from "@skein/protocol"
import type { AgentReport, AgentResult } from "../ports/index.ts"
import type { ChildRecord } from "../transcript/beside.ts"
import type { SessionState } from "../transcript/state.ts"
import type { RunningChild } from "./running-child.ts"

/** The children of a session for its tools, oldest first: those of this process with all they said. */
export function reportsOf(
  state: SessionState,
  known: ReadonlyMap<SessionId, RunningChild> = new Map(),
  results: ReadonlyMap<SessionId, AgentResult> = new Map(),
): readonly AgentReport[] {
  const recorded = [...state.children.values()].map((record): AgentReport => {
    const { sessionId, agent, description } = record
    const status = known.get(sessionId)?.status ?? "ended"
    const result = status === "ended" ? (results.get(sessionId) ?? resultOf(record)) : undefined
    return { sessionId, agent, description, status, ...(result === undefined ? {} : { result }) }
  })
  const queued = [...known.values()].filter(
    ({ run, status }) => status === "queued" && !state.children.has(run.sessionId),
  )
  return [...recorded, ...queued.map(({ run, status }): AgentReport => ({ ...namesOf(run), status }))]
}

function namesOf({ sessionId, agent, description }: Pick<ChildRecord, "sessionId" | "agent" | "description">) {
  return { sessionId, agent, description }
}

/** As far as this session's log says. */
function resultOf({ sessionId, ended }: ChildRecord): AgentResult | undefined {
  if (ended === undefined) return undefined
  const { outcome, text, steps, microUsd, durationMs, changedPaths } = ended
  return { sessionId, outcome, text, steps, microUsd, durationMs, changedPaths }
}

/** The same for clients. */
export function statusesOf(
  state: SessionState,
  known: ReadonlyMap<SessionId, RunningChild> = new Map(),
): readonly SubagentReport[] {
  const recorded = [...state.children.values()].map((record) => recordedStatus(record, known.get(record.sessionId)))
  const queued = [...known.values()].filter(
    ({ run, status }) => status === "queued" && !state.children.has(run.sessionId),
  )
  return [...recorded, ...queued.map((child) => liveStatus(child))]
}

function recordedStatus(record: ChildRecord, live: RunningChild | undefined): SubagentReport {
  if (live !== undefined && live.status !== "ended") return liveStatus(live)
  const { sessionId: childSessionId, agent, description, isBackground, startedAt, ended } = record
  const status = ended === undefined ? "waiting" : "ended"
  const { steps = 0, tokens = 0, durationMs, outcome, text } = ended ?? {}
  const counts = { steps, tokens, microUsd: record.microUsd }
  return { childSessionId, agent, description, status, isBackground, ...counts, startedAt, durationMs, outcome, text }
}

function liveStatus({ run, status, tally, startedAt }: RunningChild): SubagentReport {
  const { sessionId: childSessionId, agent, description, isBackground } = run
  const { steps, tokens, microUsd, doing } = tally
  return { childSessionId, agent, description, status, isBackground, doing, steps, tokens, microUsd, startedAt }
}
