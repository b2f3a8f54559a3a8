import {
  addUsage,
  type CallId,
  type DurableEvent,
  type EventOf,
  type Item,
  NO_USAGE,
  type ToolCall,
  type Usage,
} from "@skein/protocol"
import { advanceBatch, closeBatch } from "./batch.ts"
import { withChanges } from "./settings.ts"
import type { OpenTurn, SessionState } from "./state.ts"
import { noteOp } from "./taken.ts"

/** A session is nothing but the fold of its durable events. Throws when the first is not `session.created`. */
export function fold(events: readonly DurableEvent[]): SessionState {
  const [first, ...rest] = events
  if (first?.type !== "session.created") throw new Error("A log starts with session.created")
  const state = begin(first)
  for (const event of rest) advance(state, event)
  return state
}

export function begin(created: EventOf<"session.created">): SessionState {
  return {
    created,
    sessionId: created.sessionId,
    createdAt: created.at,
    seq: created.seq,
    settings: created.settings,
    title: undefined,
    labels: [],
    isArchived: false,
    system: [],
    items: [],
    callAt: new Map(),
    queue: [],
    rules: [],
    approvals: new Map(),
    opsTaken: new Map(created.causedBy === undefined ? [] : [[created.causedBy, {}]]),
    observed: new Map(),
    turn: undefined,
    turnsEnded: 0,
    lastOutcome: undefined,
    usage: NO_USAGE,
    microUsd: undefined,
  }
}

/** One event further. Events of types this version does not know change nothing but the sequence number. */
export function advance(state: SessionState, event: DurableEvent): void {
  state.seq = event.seq
  if (event.causedBy !== undefined) noteOp(state, event.causedBy, event)
  switch (event.type) {
    case "session.created":
      return
    case "session.changed":
      state.title = event.title ?? state.title
      state.labels = event.labels ?? state.labels
      state.isArchived = event.isArchived ?? state.isArchived
      return
    case "settings.changed":
      state.settings = withChanges(state.settings, event.changes)
      return
    case "op.accepted":
      noteOp(state, event.opId, event)
      return
    case "rule.added":
      state.rules.push(event.rule)
      return
    case "notice.posted":
      state.items.push({ kind: "notice", level: event.level, text: event.text })
      return
    case "input.queued":
      state.queue.push({ inputId: event.inputId, delivery: event.delivery, input: event.input })
      return
    case "input.edited":
      return editQueued(state, event)
    case "input.cancelled":
      return removeQueued(state, event.inputId)
    case "context.loaded":
      return loadContext(state, event)
    case "context.compacted":
      return compact(state, event)
    case "approval.requested":
      state.approvals.set(event.approvalId, event)
      if (event.callId !== undefined) setCall(state, event.callId, { state: "awaiting_approval" })
      return
    case "approval.resolved":
      return resolveApproval(state, event)
    default:
      return advanceTurn(state, event)
  }
}

function advanceTurn(state: SessionState, event: DurableEvent): void {
  if (event.type === "turn.started") return startTurn(state, event)
  const turn = state.turn
  if (turn === undefined) return
  switch (event.type) {
    case "turn.steered":
      return steer(state, turn, event)
    case "turn.ended":
      state.turn = undefined
      state.turnsEnded += 1
      state.lastOutcome = event.outcome
      return
    case "step.started":
      turn.attempt = { step: event.step, attempt: event.attempt, itemsFrom: state.items.length, appended: new Map() }
      turn.failure = undefined
      return
    case "step.ended":
      return endStep(state, turn, event)
    case "step.discarded":
      return discardStep(state, turn, event)
    case "item.appended": {
      const open = turn.attempt?.appended
      const before = open?.get(event.itemId)?.text ?? ""
      open?.set(event.itemId, { kind: event.kind, text: before + event.text })
      return
    }
    case "item.completed": {
      const { kind, turnId, step, itemId, index, text, status, providerData } = event
      turn.attempt?.appended.delete(itemId)
      state.items.push({ kind, turnId, step, itemId, index, text, status, providerData })
      return
    }
    case "call.requested":
      return requestCall(state, event)
    case "call.amended":
      return
    case "call.started":
      return setCall(state, event.callId, { state: "executing" })
    case "call.settled":
      return settleCall(state, turn, event)
    default:
      return
  }
}

function startTurn(state: SessionState, event: EventOf<"turn.started">): void {
  const { turnId, inputId, input } = event
  removeQueued(state, inputId)
  state.items.push({ kind: "user_message", turnId, inputId, input, isSteer: false })
  state.turn = {
    turnId,
    stepsEnded: 0,
    attempt: undefined,
    lastStep: undefined,
    failure: undefined,
    failures: 0,
    compactions: 0,
    tokens: 0,
    microUsd: 0,
    batch: undefined,
    isStopRequested: false,
  }
}

function steer(state: SessionState, turn: OpenTurn, event: EventOf<"turn.steered">): void {
  for (const { inputId, input } of event.inputs) {
    removeQueued(state, inputId)
    state.items.push({ kind: "user_message", turnId: event.turnId, inputId, input, isSteer: true })
  }
  turn.lastStep = undefined
}

function endStep(state: SessionState, turn: OpenTurn, event: EventOf<"step.ended">): void {
  const calls = callsFrom(state, turn.attempt?.itemsFrom ?? state.items.length)
  turn.attempt = undefined
  turn.stepsEnded += 1
  turn.failures = 0
  turn.compactions = 0
  turn.lastStep = { step: event.step, stop: event.stop, callIds: calls.map((call) => call.callId) }
  if (calls.length > 0) turn.batch = advanceBatch(turn.batch, calls)
  spend(state, turn, event.usage, event.microUsd)
}

function spend(state: SessionState, turn: OpenTurn, usage: Usage, microUsd: number | undefined): void {
  state.usage = addUsage(state.usage, usage)
  turn.tokens += usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  if (microUsd === undefined) return
  state.microUsd = (state.microUsd ?? 0) + microUsd
  turn.microUsd += microUsd
}

function discardStep(state: SessionState, turn: OpenTurn, event: EventOf<"step.discarded">): void {
  const from = turn.attempt?.itemsFrom ?? state.items.length
  for (let at = from; at < state.items.length; at++) {
    const item = state.items[at]
    if (item?.kind === "agent_message" || item?.kind === "reasoning") state.items[at] = { ...item, status: "discarded" }
  }
  turn.attempt = undefined
  turn.failures += 1
  const retryAtMs = event.retryInMs === undefined ? undefined : event.at + event.retryInMs
  turn.failure = { code: event.code, message: event.message, retryAtMs }
  if (event.usage !== undefined) spend(state, turn, event.usage, event.microUsd)
}

function requestCall(state: SessionState, event: EventOf<"call.requested">): void {
  state.callAt.set(event.callId, state.items.length)
  state.items.push({
    kind: "tool_call",
    turnId: event.turnId,
    step: event.step,
    callId: event.callId,
    index: event.index,
    name: event.name,
    title: event.title,
    toolKind: event.kind,
    locations: event.locations,
    input: event.input,
    inputText: event.inputText,
    defect: event.defect,
    providerCallId: event.providerCallId,
    providerData: event.providerData,
    state: "validating",
  })
}

function settleCall(state: SessionState, turn: OpenTurn, event: EventOf<"call.settled">): void {
  const { code, forModel, forHuman, changes, bytes, exitCode, durationMs } = event
  const result = { code, forModel, forHuman, changes, bytes, exitCode, durationMs, isElided: false }
  setCall(state, event.callId, { state: event.outcome, result })
  for (const seen of event.observed ?? []) state.observed.set(seen.path, seen.sha256)
  if (turn.batch !== undefined) turn.batch = closeBatch(turn.batch, turn.lastStep, (id) => callOf(state, id))
}

function resolveApproval(state: SessionState, event: EventOf<"approval.resolved">): void {
  const asked = state.approvals.get(event.approvalId)
  state.approvals.delete(event.approvalId)
  if (asked?.callId !== undefined) setCall(state, asked.callId, { state: "scheduled" })
  const isRefusal = event.answer === "reject_once" || event.answer === "reject_always"
  if (isRefusal && event.interrupt === true && state.turn !== undefined) state.turn.isStopRequested = true
}

function loadContext(state: SessionState, event: EventOf<"context.loaded">): void {
  if (event.placement === "system") state.system = event.sections
  else state.items.push({ kind: "context", sections: event.sections })
}

function compact(state: SessionState, event: EventOf<"context.compacted">): void {
  for (const callId of event.elided) {
    const call = callOf(state, callId)
    if (call?.result !== undefined) setCall(state, callId, { result: { ...call.result, isElided: true } })
  }
  const { summary, tokensBefore, tokensAfter } = event
  state.items.push({
    kind: "compaction",
    summary,
    tokensBefore,
    tokensAfter,
    imagesElided: event.imagesElided === true,
  })
  if (state.turn !== undefined) {
    state.turn.compactions += 1
    state.turn.failure = undefined
  }
}

function editQueued(state: SessionState, event: EventOf<"input.edited">): void {
  const at = state.queue.findIndex((queued) => queued.inputId === event.inputId)
  const queued = state.queue[at]
  if (queued !== undefined) state.queue[at] = { ...queued, input: event.input }
}

function removeQueued(state: SessionState, inputId: string): void {
  const at = state.queue.findIndex((queued) => queued.inputId === inputId)
  if (at >= 0) state.queue.splice(at, 1)
}

export function callOf(state: SessionState, callId: CallId): ToolCall | undefined {
  const at = state.callAt.get(callId)
  const item = at === undefined ? undefined : state.items[at]
  return item?.kind === "tool_call" ? item : undefined
}

function setCall(state: SessionState, callId: CallId, changes: Partial<Pick<ToolCall, "state" | "result">>): void {
  const at = state.callAt.get(callId)
  const call = callOf(state, callId)
  if (at !== undefined && call !== undefined) state.items[at] = { ...call, ...changes }
}

function callsFrom(state: SessionState, from: number): ToolCall[] {
  return state.items.slice(from).filter((item: Item) => item.kind === "tool_call")
}
