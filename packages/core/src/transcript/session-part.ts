import { addUsage, type DurableEvent, type EventOf, type Usage, withChanges } from "@skein/protocol"
import { advanceCache } from "./cache.ts"
import { beginChild, endChild } from "./children.ts"
import { moveTo } from "./moved.ts"
import { advanceProcesses, PROCESS_NEWS } from "./processes.ts"
import type { SessionState } from "./state.ts"
import { noteOp } from "./taken.ts"

/** What an event does to the session whatever becomes of the conversation it was part of. */
export function advanceSession(state: SessionState, event: DurableEvent): void {
  state.seq = event.seq
  if (event.causedBy !== undefined) noteOp(state, event.causedBy, event)
  advanceCache(state, event)
  switch (event.type) {
    case "session.changed":
      state.title = event.title ?? state.title
      state.labels = event.labels ?? state.labels
      state.topics = event.topics ?? state.topics
      state.isArchived = event.isArchived ?? state.isArchived
      if (event.workspace !== undefined) moveTo(state, event.workspace)
      return
    case "settings.changed":
      if (event.changes.mode === "plan" && state.settings.mode !== "plan") state.modeBeforePlan = state.settings.mode
      state.settings = withChanges(state.settings, event.changes)
      return
    case "op.accepted":
      noteOp(state, event.opId, event)
      return
    case "rule.added":
      // Those that outlive the session are the host's: taken back elsewhere, they hold here no more either.
      if (event.rule.scope === "session") state.rules.push(event.rule)
      return
    case "rule.removed":
      return removeRule(state, event.ruleId)
    case "goal.changed":
      state.goal = event.goal ?? undefined
      return
    case "shell.started": {
      const { callId, command, isPrivate, at } = event
      state.shells.set(callId, { command, isPrivate, startedAt: at })
      return
    }
    case "shell.ended":
      state.shells.delete(event.callId)
      return
    case "process.started":
    case "process.controlled":
    case "process.matched":
    case "process.exited":
      return advanceProcesses(state, event)
    case "context.loaded":
      if (event.sections.some(({ source }) => source === PROCESS_NEWS)) state.processNews = []
      return
    case "input.queued": {
      const { inputId, delivery, input, terms, taint } = event
      const more = { ...(terms === undefined ? {} : { terms }), ...(taint === undefined ? {} : { taint }) }
      state.queue.push({ inputId, delivery, input, ...more })
      return
    }
    case "input.edited":
      return editQueued(state, event)
    case "input.cancelled":
    case "turn.started":
      return removeQueued(state, event.inputId)
    case "turn.steered":
      for (const { inputId } of event.inputs) removeQueued(state, inputId)
      return
    case "hook.ran":
      if (event.effect === "blocked" && event.inputId !== undefined) removeQueued(state, event.inputId)
      return
    case "turn.ended":
      state.turnsEnded += 1
      return
    case "approval.requested":
      // What a child asks waits whatever becomes of the conversation.
      if (event.agent !== undefined) state.approvals.set(event.approvalId, event)
      return
    case "approval.resolved":
      if (state.approvals.get(event.approvalId)?.agent !== undefined) state.approvals.delete(event.approvalId)
      return
    case "subagent.started":
      return beginChild(state, event)
    case "subagent.ended":
      return endChild(state, event)
    case "step.ended":
    case "step.discarded":
    case "usage.recorded":
      return spend(state, event.usage, event.microUsd)
    default:
      return
  }
}

function spend(state: SessionState, usage: Usage | undefined, microUsd: number | undefined): void {
  if (usage !== undefined) state.usage = addUsage(state.usage, usage)
  if (microUsd !== undefined) state.microUsd = (state.microUsd ?? 0) + microUsd
}

function removeRule(state: SessionState, ruleId: string): void {
  const at = state.rules.findIndex(({ id }) => id === ruleId)
  if (at >= 0) state.rules.splice(at, 1)
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
