import { addUsage, type DurableEvent, type EventOf, NO_USAGE, type TurnShown, type Usage } from "@skein/protocol"
import { type TurnRecord, turnAfter, turnBegun } from "@skein/protocol/turns"
import { advanceBatch, closeBatch } from "./batch.ts"
import { callOf, callsFrom, setCall } from "./calls.ts"
import { chargeTurn, tellEnds } from "./children.ts"
import { compact, loadContext } from "./compacted.ts"
import { decideWait, discardStep, rerouteTurn } from "./failures.ts"
import { ranHooks } from "./hooks.ts"
import { addHosted } from "./hosted.ts"
import { endShell, joinShells, restShells } from "./shell-lines.ts"
import type { OpenTurn, SessionState } from "./state.ts"
import { tainted, taintedBy } from "./taint.ts"
import { onceOnly } from "./turn-rules.ts"

/** What an event does to the conversation it is part of. */
export function advanceConversation(state: SessionState, event: DurableEvent): void {
  switch (event.type) {
    case "notice.posted":
      state.items.push({ kind: "notice", eventId: event.id, level: event.level, text: event.text })
      return
    case "context.loaded":
      tellEnds(state, event)
      return loadContext(state, event)
    case "context.compacted":
      return compact(state, event)
    case "settings.changed":
      // Another model counts otherwise, and other tools are offered.
      state.compaction.counted = undefined
      // Whom the person names now is asked, whoever took the turn over.
      if (event.changes.model !== undefined && state.turn !== undefined) state.turn.reroutedTo = undefined
      return
    case "context.restored":
      for (const inputId of event.inputIds) state.restored.add(inputId)
      return
    case "plan.changed":
      state.plan = event.plan
      state.planSteps = event.steps
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
    case "hook.ran":
      return ranHooks(state, event)
    case "usage.recorded":
      // A name or a suggestion is the session's, whatever turn began while it was sought.
      if (state.turn !== undefined && !ASIDE.has(event.purpose)) spendInTurn(state.turn, event.usage, event.microUsd)
      return
    case "subagent.ended":
      chargeTurn(state, event)
      return advanceTurn(state, event)
    default:
      return advanceTurn(state, event)
  }
}

/** What is asked beside a turn is none of its cost. */
const ASIDE: ReadonlySet<string> = new Set(["title", "completion", "keep_alive"])

function advanceTurn(state: SessionState, event: DurableEvent): void {
  if (event.type === "turn.started") return startTurn(state, event)
  const turn = state.turn
  if (turn === undefined) return
  turn.record = turnAfter(turn.record, event)
  switch (event.type) {
    case "rule.added":
      if (event.rule.scope === "once") turn.rules = [...turn.rules, event.rule]
      return
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
      turn.model = event.model
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
    case "hosted_call.completed":
      return addHosted(state, turn, event)
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
  state.git = event.git
  state.turn = {
    turnId,
    isDryRun,
    isOwnCall: event.source === "call",
    stepsEnded: 0,
    attempt: undefined,
    lastStep: undefined,
    failure: undefined,
    failures: 0,
    attemptsBefore: 0,
    overloads: 0,
    terms: event.terms ?? {},
    rules: onceOnly(event.terms?.rules ?? []),
    reroutedTo: event.terms?.model,
    pauses: 0,
    compactions: 0,
    model: undefined,
    usage: NO_USAGE,
    tokens: 0,
    microUsd: 0,
    childTokens: 0,
    childMicroUsd: 0,
    batch: undefined,
    taint: [...(event.taint ?? []), ...(event.terms?.taint ?? [])]
      .map((source) => ({ source }))
      .reduce(taintedBy, state.taintWaiting),
    isStopRequested: false,
    isUnchecked: event.isUnchecked === true,
    endedByHook: undefined,
    hookStops: 0,
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
  turn.taint = (event.taint ?? []).map((source) => ({ source })).reduce(taintedBy, turn.taint)
  turn.lastStep = undefined
  turn.hookStops = 0
}

function endStep(state: SessionState, turn: OpenTurn, event: EventOf<"step.ended">): void {
  const attempt = turn.attempt
  const calls = callsFrom(state, attempt?.itemsFrom ?? state.items.length)
  turn.attempt = undefined
  turn.stepsEnded += 1
  turn.failures = 0
  turn.attemptsBefore = 0
  turn.overloads = 0
  turn.pauses = event.stop === "paused" ? turn.pauses + 1 : 0
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
  turn.usage = addUsage(turn.usage, usage)
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
    ...(event.parentCallId === undefined ? {} : { parentCallId: event.parentCallId }),
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
