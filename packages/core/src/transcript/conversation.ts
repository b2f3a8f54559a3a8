import type { CallId, DurableEvent, EventOf, Usage } from "@skein/protocol"
import { advanceBatch, closeBatch } from "./batch.ts"
import { callOf, callsFrom, setCall } from "./calls.ts"
import type { OpenTurn, SessionState } from "./state.ts"

/** What an event does to the conversation it is part of. */
export function advanceConversation(state: SessionState, event: DurableEvent): void {
  switch (event.type) {
    case "notice.posted":
      state.items.push({ kind: "notice", level: event.level, text: event.text })
      return
    case "context.loaded":
      return loadContext(state, event)
    case "context.compacted":
      return compact(state, event)
    case "context.restored":
      for (const inputId of event.inputIds) state.restored.add(inputId)
      return
    case "plan.changed":
      state.plan = event.plan
      return
    case "todo.changed":
      state.todos = event.todos
      return
    case "approval.requested":
      state.approvals.set(event.approvalId, event)
      if (event.callId !== undefined) setCall(state, event.callId, { state: "awaiting_approval" })
      return
    case "approval.resolved":
      return resolveApproval(state, event)
    case "usage.recorded":
      if (state.turn !== undefined) spendInTurn(state.turn, event.usage, event.microUsd)
      return
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
  state.items.push({ kind: "user_message", turnId, inputId, input, isSteer: false })
  state.said.push({ inputId, turnId, input })
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
    state.items.push({ kind: "user_message", turnId: event.turnId, inputId, input, isSteer: true })
    state.said.push({ inputId, turnId: event.turnId, input })
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
  spendInTurn(turn, event.usage, event.microUsd)
  const { input, cacheRead, cacheWrite } = event.usage
  state.compaction.stepsSince += 1
  if (state.compaction.baselineTokens === 0) state.compaction.baselineTokens = input + cacheRead + cacheWrite
}

function spendInTurn(turn: OpenTurn, usage: Usage, microUsd = 0): void {
  turn.tokens += usage.input + usage.cacheRead + usage.cacheWrite + usage.output
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
  if (event.usage !== undefined) spendInTurn(turn, event.usage, event.microUsd)
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
  const { code, forModel, forHuman, changes, bytes, exitCode, artifacts, provenance, durationMs } = event
  const told = { code, forModel, forHuman, changes, bytes, exitCode, artifacts, provenance, durationMs }
  const result = { ...told, isElided: false }
  setCall(state, event.callId, { state: event.outcome, result })
  for (const seen of event.observed ?? []) {
    // What was seen last stands last.
    state.observed.delete(seen.path)
    state.observed.set(seen.path, seen.sha256)
  }
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
  for (const callId of event.elided) elide(state, callId)
  const { summary, tokensBefore, tokensAfter, failure } = event
  if (summary !== undefined) letGo(state)
  state.items.push({
    kind: "compaction",
    summary,
    tokensBefore,
    tokensAfter,
    imagesElided: event.imagesElided === true,
  })
  if (failure !== undefined) state.compaction.failures += 1
  else if (event.by === "model") state.compaction.failures = 0
  if (state.turn !== undefined) {
    state.turn.compactions += 1
    state.turn.failure = undefined
  }
}

/** What a summary replaces leaves the memory too; the log keeps it. */
function letGo(state: SessionState): void {
  state.isPartial ||= state.items.length > 0
  state.past?.push(...state.items)
  state.items = []
  state.callAt = new Map()
  Object.assign(state.compaction, { baselineTokens: 0, stepsSince: 0 })
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
