import type { SessionView } from "@skein/protocol"
import { shownOf } from "../transcript/conversation.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"

/** A session for those who show it: all of it, when it was folded so. */
export function viewOf(state: SessionState): SessionView {
  const {
    sessionId,
    createdAt,
    seq,
    title,
    settings,
    usage,
    microUsd,
    goal,
    plan,
    git,
    planSteps,
    todos,
    labels,
    isArchived,
    topics,
  } = state
  return {
    sessionId,
    cwd: state.created.workspace.path,
    createdAt,
    seq,
    title,
    settings,
    items: [...(state.past ?? []), ...state.items, ...state.shellsWaiting],
    turns: [...state.turns, ...(state.turn === undefined ? [] : [shownOf(state, state.turn.record)])],
    runningTurn: state.turn?.turnId,
    ...retryOf(state.turn),
    approvals: [...state.approvals.values()],
    queue: [...state.queue],
    usage,
    microUsd,
    goal,
    plan,
    planSteps,
    git,
    todos: todos.length === 0 ? undefined : todos,
    labels,
    isArchived,
    topics,
  }
}

/** Whoever joins a turn that waits has missed that it was told. */
function retryOf(turn: OpenTurn | undefined): Pick<SessionView, "retry"> {
  const atMs = turn?.failure?.retryAtMs
  return turn === undefined || atMs === undefined ? {} : { retry: { attempt: turn.failures + 1, atMs } }
}
