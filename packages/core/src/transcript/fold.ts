import { type DurableEvent, type EventOf, NO_USAGE } from "@skein/protocol"
import { nothingSent } from "./cache.ts"
import { advanceConversation } from "./conversation.ts"
import { lineage, rewindsOf, rising } from "./lineage.ts"
import { moveTo } from "./moved.ts"
import { advanceSession } from "./session-part.ts"
import type { Conversation, SessionState } from "./state.ts"

interface FoldOptions {
  /** Also keeps what the model no longer sees, for those who show the whole session. */
  readonly keepsPast?: boolean
}

/** A session is nothing but the fold of its durable events. Throws when the first is not `session.created`. */
export function fold(events: readonly DurableEvent[], options: FoldOptions = {}): SessionState {
  const [first, ...rest] = events
  if (first?.type !== "session.created") throw new Error("A log starts with session.created")
  return foldOnto(begin(first, options), rest)
}

/**
 * The state further by the events that follow it. Branches that were left change only what belongs to the whole session.
 * No rewind among them may go back to before the state: see `goesBehind`.
 */
export function foldOnto(state: SessionState, events: readonly DurableEvent[]): SessionState {
  const rewinds = rewindsOf(events)
  const isAlive = rewinds.length === 0 ? undefined : rising(lineage(rewinds, events.at(-1)?.seq ?? 0))
  for (const event of events) {
    if (isAlive === undefined || isAlive(event.seq)) advance(state, event)
    else advanceSession(state, event)
  }
  return state
}

/** Whether the conversation of these events does not continue the one after event `seq`. */
export function goesBehind(seq: number, events: readonly DurableEvent[]): boolean {
  return rewindsOf(events).some((rewind) => rewind.toSeq < seq)
}

export function begin(created: EventOf<"session.created">, { keepsPast = false }: FoldOptions = {}): SessionState {
  return {
    created,
    sessionId: created.sessionId,
    createdAt: created.at,
    seq: created.seq,
    settings: created.settings,
    modeBeforePlan: undefined,
    title: undefined,
    labels: [],
    topics: undefined,
    isArchived: false,
    goal: undefined,
    queue: [],
    shells: new Map(),
    processes: new Map(),
    processNews: [],
    rules: [],
    opsTaken: new Map(created.causedBy === undefined ? [] : [[created.causedBy, {}]]),
    children: new Map(),
    turnsEnded: 0,
    usage: NO_USAGE,
    microUsd: undefined,
    cache: nothingSent(),
    ...emptyConversation(keepsPast),
  }
}

function emptyConversation(keepsPast: boolean): Conversation {
  return {
    system: [],
    profile: undefined,
    items: [],
    past: keepsPast ? [] : undefined,
    isPartial: false,
    callAt: new Map(),
    said: [],
    restored: new Set(),
    plan: undefined,
    planSteps: undefined,
    git: undefined,
    todos: [],
    approvals: new Map(),
    observed: new Map(),
    turn: undefined,
    lastOutcome: undefined,
    turns: [],
    compaction: { failures: 0, baselineTokens: 0, shortened: [], counted: undefined },
    shellsWaiting: [],
    taintWaiting: [],
  }
}

/** One event further. Events of types this version does not know change nothing but the sequence number. */
export function advance(state: SessionState, event: DurableEvent): void {
  advanceSession(state, event)
  advanceConversation(state, event)
}

/** Takes the conversation back to how it was in `past`, a state of the same session. `past` is used up. */
export function rewind(state: SessionState, past: SessionState): void {
  if (past.created.workspace.path !== state.created.workspace.path) moveTo(past, state.created.workspace)
  const { system, items, callAt, said, restored, plan, planSteps, git, todos, observed, turn, lastOutcome } = past
  // Children stay as they are, and so does what they ask.
  const asked = [...state.approvals].filter(([, { agent }]) => agent !== undefined)
  const approvals = new Map([...[...past.approvals].filter(([, { agent }]) => agent === undefined), ...asked])
  const { isPartial, compaction, profile, shellsWaiting, taintWaiting, turns } = past
  Object.assign(state, {
    system,
    items,
    past: past.past,
    isPartial,
    callAt,
    said,
    restored,
    plan,
    planSteps,
    git,
    todos,
  })
  Object.assign(state, { approvals, observed, turn, lastOutcome, compaction, profile })
  Object.assign(state, { shellsWaiting, taintWaiting, turns })
}
