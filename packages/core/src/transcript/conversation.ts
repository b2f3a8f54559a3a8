import type { CallId, DurableEvent, EventOf, TurnShown, Usage } from "@skein/protocol"
import { type TurnRecord, turnAfter, turnBegun } from "@skein/protocol/turns"
import { advanceBatch, closeBatch } from "./batch.ts"
import { callOf, callsFrom, setCall } from "./calls.ts"
import { decideWait, discardStep, rerouteTurn } from "./failures.ts"
import { endShell, joinShells, restShells } from "./shell-lines.ts"
import type { OpenTurn, SessionState } from "./state.ts"
import { tainted } from "./taint.ts"

/** What an event does to the conversation it is part of. */
export function advanceConversation(state: SessionState, event: DurableEvent): void {
  switch (event.type) {
    case "notice.posted":
      state.items.push({ kind: "notice", eventId: event.id, level: event.level, text: event.text })
      return
    case "context.loaded":
      return loadContext(state, event)
    case "context.compacted":
      return compact(state, event)
    case "settings.changed":
      // Another model counts otherwise, and other tools are offered.
      state.compaction.counted = undefined
      return
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
      if (event.callId !== undefined && isBeforeRunning(event)) {
        setCall(state, event.callId, { state: "awaiting_approval" })
      }
      return
    case "approval.resolved":
      return resolveApproval(state, event)
    case "shell.ended":
      return endShell(state, event)
    case "usage.recorded":
      // A name is the session's, whatever turn began while it was sought.
      if (state.turn !== undefined && event.purpose !== "title") spendInTurn(state.turn, event.usage, event.microUsd)
      return
    default:
      return advanceTurn(state, event)
  }
}

function advanceTurn(state: SessionState, event: DurableEvent): void {
  if (event.type === "turn.started") return startTurn(state, event)
  const turn = state.turn
  if (turn === undefined) return
  turn.record = turnAfter(turn.record, event)
  switch (event.type) {
    case "turn.steered":
      return steer(state, turn, event)
    case "shell.joined":
      return joinShells(state, turn, event.callIds)
    case "turn.ended":
      restShells(state)
      state.turns.push(shownOf(state, turn.record))
      state.turn = undefined
      state.lastOutcome = event.outcome
      return
    case "step.started":
      turn.attempt = {
        ...{ step: event.step, attempt: event.attempt, tokens: event.tokens },
        ...{ itemsFrom: state.items.length, appended: new Map() },
      }
      turn.failure = undefined
      return
    case "step.ended":
      return endStep(state, turn, event)
    case "step.discarded":
      discardStep(state, turn, event)
      if (event.usage !== undefined) spendInTurn(turn, event.usage, event.microUsd)
      return
    case "wait.decided":
      return decideWait(turn, event)
    case "turn.rerouted":
      return rerouteTurn(state, turn, event)
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
  const { turnId, inputId, input, isDryRun = state.settings.dryRun === true } = event
  state.items.push({ kind: "user_message", turnId, inputId, input, isSteer: false })
  state.said.push({ inputId, turnId, input, at: event.at })
  state.turn = {
    turnId,
    isDryRun,
    stepsEnded: 0,
    attempt: undefined,
    lastStep: undefined,
    failure: undefined,
    failures: 0,
    overloads: 0,
    model: undefined,
    compactions: 0,
    tokens: 0,
    microUsd: 0,
    batch: undefined,
    taint: state.taintWaiting,
    isStopRequested: false,
    record: turnBegun(event),
  }
  state.taintWaiting = []
}

/** With its place among the items, as they are now. */
export function shownOf({ past = [], items }: SessionState, record: TurnRecord): TurnShown {
  return { ...record, itemsTo: past.length + items.length }
}

function steer(state: SessionState, turn: OpenTurn, event: EventOf<"turn.steered">): void {
  for (const { inputId, input } of event.inputs) {
    state.items.push({ kind: "user_message", turnId: event.turnId, inputId, input, isSteer: true })
    state.said.push({ inputId, turnId: event.turnId, input, at: event.at })
  }
  turn.lastStep = undefined
}

function endStep(state: SessionState, turn: OpenTurn, event: EventOf<"step.ended">): void {
  const attempt = turn.attempt
  const calls = callsFrom(state, attempt?.itemsFrom ?? state.items.length)
  turn.attempt = undefined
  turn.stepsEnded += 1
  turn.failures = 0
  turn.overloads = 0
  turn.compactions = 0
  turn.lastStep = { step: event.step, stop: event.stop, callIds: calls.map((call) => call.callId) }
  if (calls.length > 0) turn.batch = advanceBatch(turn.batch, calls)
  spendInTurn(turn, event.usage, event.microUsd)
  const { compaction } = state
  const { input, cacheRead, cacheWrite } = event.usage
  if (attempt === undefined) return
  const tokens = believed(input + cacheRead + cacheWrite, attempt.tokens)
  compaction.counted = { tokens, itemsTo: attempt.itemsFrom }
  if (compaction.baselineTokens === 0) compaction.baselineTokens = tokens
}

/** Some servers count only what their cache did not hold, or nothing: far below any estimate, that is no size. */
function believed(counted: number, estimated: number): number {
  return counted < estimated / 2 ? estimated : counted
}

function spendInTurn(turn: OpenTurn, usage: Usage, microUsd = 0): void {
  turn.tokens += usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  turn.microUsd += microUsd
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
  const { network, confinement } = event
  const told = { code, forModel, forHuman, changes, bytes, exitCode, artifacts, provenance, durationMs }
  const result = { ...told, network, confinement, isElided: false }
  setCall(state, event.callId, { state: event.outcome, result })
  for (const seen of event.observed ?? []) {
    // Set anew, the path moves to the end: the newest are the last.
    state.observed.delete(seen.path)
    state.observed.set(seen.path, seen.sha256)
  }
  turn.taint = tainted(turn.taint, provenance)
  if (turn.batch !== undefined) turn.batch = closeBatch(turn.batch, turn.lastStep, (id) => callOf(state, id))
}

/** A host, or a plan, is asked about while its call runs, and whatever the answer, the call has begun. */
function isBeforeRunning({ subject }: EventOf<"approval.requested">): boolean {
  return subject !== "network" && subject !== "plan"
}

function resolveApproval(state: SessionState, event: EventOf<"approval.resolved">): void {
  const asked = state.approvals.get(event.approvalId)
  state.approvals.delete(event.approvalId)
  if (asked?.callId !== undefined && isBeforeRunning(asked)) setCall(state, asked.callId, { state: "scheduled" })
  const isRefusal = event.answer === "reject_once" || event.answer === "reject_always"
  if (isRefusal && event.interrupt === true && state.turn !== undefined) state.turn.isStopRequested = true
}

function loadContext(state: SessionState, event: EventOf<"context.loaded">): void {
  if (event.placement === "inline") {
    state.items.push({ kind: "context", sections: event.sections })
    return
  }
  state.system = event.sections
  state.compaction.counted = undefined
}

function compact(state: SessionState, event: EventOf<"context.compacted">): void {
  for (const callId of event.elided) elide(state, callId)
  const { summary, sections, gists, receipt, tokensBefore, tokensAfter, failure } = event
  if (summary !== undefined) letGo(state)
  // Who shows the whole session goes on showing these turns.
  if (gists !== undefined && state.past === undefined) replaceTurns(state, gists)
  const imagesElided = event.imagesElided === true
  state.items.push({ kind: "compaction", eventId: event.id, summary, tokensBefore, tokensAfter, imagesElided })
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
