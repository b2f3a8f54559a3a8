import { type DurableDraft, NO_USAGE, type TurnOutcome } from "@skein/protocol"
import { CUT_BY_CRASH } from "../calls/interruption.ts"
import type { Watched } from "../ports/index.ts"
import { HARMLESS, unseenText } from "../rewind/files.ts"
import { callOf, isNested } from "../transcript/calls.ts"
import { endingOf } from "../transcript/ending.ts"
import { uncheckedLeft } from "../transcript/hooks.ts"
import { openCalls } from "../transcript/open.ts"
import type { OpenAttempt, OpenTurn, SessionState } from "../transcript/state.ts"

const MAY_HAVE_RUN =
  "It is not known whether this ran: skein was stopped while it did. It may have run; check before repeating it."
const STREAM_CUT = { code: "provider.stream_cut", message: "skein was stopped while the model was answering." }
const NOT_RUN = "Not run: skein was stopped before it could."

/**
 * What has to be written when a log is opened whose last writer was stopped in the middle: every call that had started
 * is settled, a step without an end gets one, and a turn with nothing left to wait for is ended. A turn that asked a
 * person stays open, its question withdrawn: it is judged and asked again when somebody is there to answer. `left`: what
 * the calls that were running did to files, as far as it can be seen now.
 */
export function recovery(state: SessionState, left?: Watched): DurableDraft[] {
  return [
    ...withdrawn(state, { ofChildren: true }),
    ...shellsLost(state, left),
    ...processesLost(state, left),
    ...turnRecovery(state, left),
  ]
}

/** Whether the open turn has nothing to do but wait for a person. */
export function waitsForPerson(state: SessionState): boolean {
  const { turn } = state
  const isAsked = openCalls(state).some((callId) => {
    const call = callOf(state, callId)
    // What another call made ends with it.
    return !isNested(call) && isPersons(call?.state)
  })
  return turn !== undefined && !turn.isStopRequested && isAsked
}

/** The person's own commands that nobody saw end. */
export function shellsLost(state: SessionState, left?: Watched): DurableDraft[] {
  const changed = new Map(unseen(state, left).map((draft) => [draft.callId, draft]))
  return [...state.shells].flatMap(([callId, { command, isPrivate }]): DurableDraft[] => {
    const record = changed.get(callId)
    const outcome = { outcome: "error", code: "call.unknown_outcome", durationMs: 0 } as const
    return [
      ...(record === undefined ? [] : [record]),
      {
        ...{ type: "shell.ended", callId, command, isPrivate, ...outcome },
        forModel: isPrivate ? [] : [{ type: "text", text: SHELL_MAY_HAVE_RUN }],
        forHuman: { kind: "text", body: SHELL_MAY_HAVE_RUN, summary: "unknown" },
      },
    ]
  })
}

/** None of them outlived whoever had the session open. */
export function processesLost(state: SessionState, left?: Watched): DurableDraft[] {
  const changed = new Map(unseen(state, left).map((draft) => [draft.callId, draft]))
  return [...state.processes].flatMap(([processId, { callId, name }]): DurableDraft[] => {
    const record = changed.get(callId)
    const end = { type: "process.exited", processId, name, isLost: true, bytes: 0, durationMs: 0 } as const
    return record === undefined ? [end] : [record, end]
  })
}

const SHELL_MAY_HAVE_RUN = "It is not known how this ended: skein was stopped while it ran."

function turnRecovery(state: SessionState, left?: Watched): DurableDraft[] {
  const turn = state.turn
  if (turn === undefined) return []
  const isWaiting = waitsForPerson(state)
  // What was decided to be waited for goes on when somebody is there again.
  if (turn.failure?.isAwaited === true && turn.attempt === undefined && !turn.isStopRequested) return []
  if (!isWaiting) return closing(state, { kind: "interrupted", message: CUT_BY_CRASH }, left)
  return [...withdrawn(state), ...settled(state, (call) => call === "executing", left)]
}

/** Ends a turn that nobody will go on with: everything in it that is open gets its one end. */
export function closing(
  state: SessionState,
  outcome: TurnOutcome = { kind: "interrupted" },
  left?: Watched,
): DurableDraft[] {
  const turn = state.turn
  if (turn === undefined) return []
  const { turnId, attempt } = turn
  return [
    ...withdrawn(state),
    ...(attempt === undefined ? [] : broken(state, turn, attempt, outcome)),
    ...settled(state, () => true, left),
    ...uncheckedLeft(turn, state.items),
    { type: "turn.ended", turnId, outcome, ...endingOf(turn) },
  ]
}

/** Asked about, or answered and not yet run. */
function isPersons(call: string | undefined): boolean {
  return call === "awaiting_approval" || call === "scheduled"
}

/** Those of the session's own turn, unless others are meant: what a child asks is over with the child. */
function withdrawn(state: SessionState, { ofChildren = false } = {}): DurableDraft[] {
  return [...state.approvals].flatMap(([approvalId, { agent }]): DurableDraft[] =>
    (agent !== undefined) === ofChildren
      ? [{ type: "approval.resolved", approvalId, answer: "withdrawn", by: "nobody" }]
      : [],
  )
}

function settled(
  state: SessionState,
  isMeant: (call: string | undefined) => boolean,
  left: Watched | undefined,
): DurableDraft[] {
  const changed = new Map(unseen(state, left).map((draft) => [draft.callId, draft]))
  const open = openCalls(state).map((callId) => callOf(state, callId))
  // One that another made settles before it.
  const ordered = [...open.filter(isNested), ...open.filter((call) => !isNested(call))]
  return ordered.flatMap((item): DurableDraft[] => {
    if (item === undefined) return []
    const { callId, state: call } = item
    if (!isNested(item) && !isMeant(call)) return []
    const mayHaveRun = call === "executing"
    const text = mayHaveRun ? MAY_HAVE_RUN : NOT_RUN
    const record = changed.get(callId)
    return [
      ...(record === undefined ? [] : [record]),
      {
        type: "call.settled",
        callId,
        outcome: mayHaveRun ? "error" : "cancelled",
        code: mayHaveRun ? "call.unknown_outcome" : "call.cancelled",
        forModel: [{ type: "text", text }],
        forHuman: { kind: "text", body: text, summary: mayHaveRun ? "unknown" : "stopped" },
        durationMs: 0,
      },
    ]
  })
}

/**
 * What a call did to files is seen when it ends. Of those that nobody saw end, what `left` shows is the first one's: which
 * of several it was cannot be known, and an undo takes back all. Where nothing shows it, an undo has to say so.
 */
export function unseen(state: SessionState, left: Watched | undefined): (DurableDraft & { type: "files.changed" })[] {
  const calls = openCalls(state).flatMap((callId) => {
    const call = callOf(state, callId)
    if (call?.state !== "executing" || HARMLESS.has(call.toolKind)) return []
    return [{ turnId: call.turnId, callId, title: call.title }]
  })
  const open = new Set(calls.map(({ callId }) => callId))
  const processes = [...state.processes.values()].flatMap(({ callId, command }) => {
    if (open.has(callId)) return []
    open.add(callId)
    return [{ callId, title: `${command} &` }]
  })
  const shells = [...state.shells].map(([callId, { command }]) => ({ callId, isPersons: true, title: `!${command}` }))
  return [...shells, ...processes, ...calls].map(({ title, ...whose }, at) => {
    const record = { type: "files.changed", ...whose } as const
    if (left === undefined) return { ...record, changes: [], notCovered: [unseenText(title)] }
    if (at > 0) return { ...record, changes: [], notCovered: [] }
    return { ...record, changes: left.changes, notCovered: [...left.notCovered], isUncertain: true }
  })
}

/**
 * An attempt that was cut off: what had reached the log of its text is kept as interrupted, and none of it counts. One
 * whose calls are in the log had been read to its end, so it counts: its calls need the words they came with.
 */
function broken(
  state: SessionState,
  { turnId }: OpenTurn,
  { step, attempt, ...open }: OpenAttempt,
  outcome: TurnOutcome,
): DurableDraft[] {
  if (state.items.slice(open.itemsFrom).some((item) => item.kind === "tool_call")) {
    const usage = { ...NO_USAGE, isEstimated: true }
    return [{ type: "step.ended", turnId, step, outcome: "interrupted", stop: "interrupted", usage, durationMs: 0 }]
  }
  const texts = [...open.appended].map(
    ([itemId, { kind, text }], at): DurableDraft => ({
      type: "item.completed",
      ...{ turnId, step, itemId, kind, text },
      // After whatever was whole.
      index: 1_000 + at,
      status: "interrupted",
    }),
  )
  const { code, message } = outcome.kind === "failed" ? outcome : STREAM_CUT
  return [...texts, { type: "step.discarded", turnId, step, attempt, code, message }]
}
