import { type DurableEvent, type RewindScope, type RewindTarget, SkeinError } from "@skein/protocol"
import { lineage, rewindsOf, rising } from "../transcript/lineage.ts"

/** Where a rewind goes, and what of the session it takes there. */
export interface Destination {
  readonly toSeq: number
  readonly scope: RewindScope
}

/** Where files went back to in the session that a fork was made of: no event has this number. */
export const ELSEWHERE = 0

/** Finds the event that a rewind goes back, or forward, to. Throws SkeinError, saying what there is instead. */
export function destination(events: readonly DurableEvent[], to: RewindTarget, scope: RewindScope): Destination {
  switch (to.kind) {
    case "before":
      return { toSeq: beforeTurn(events, to.turnId), scope }
    case "undo":
      return { toSeq: undone(events, to.turns), scope }
    case "redo":
      return redone(events, scope)
    case "seq":
      return { toSeq: boundary(events, to.seq), scope }
  }
}

function beforeTurn(events: readonly DurableEvent[], turnId: string): number {
  const started = events.find((event) => event.type === "turn.started" && event.turnId === turnId)
  if (started === undefined) throw new SkeinError("op.invalid", `There is no turn ${turnId} in this session.`)
  return started.seq - 1
}

/**
 * Before the newest turns of the conversation as it stands. A person's own command between turns that changed files counts
 * as one: it is what was done last.
 */
function undone(events: readonly DurableEvent[], turns: number): number {
  const isAlive = rising(lineage(rewindsOf(events), events.at(-1)?.seq ?? 0))
  const shells = shellsThatChanged(events)
  const isStart = (event: DurableEvent) =>
    event.type === "turn.started" || (event.type === "shell.started" && shells.has(event.callId))
  const starts = events.filter((event) => isAlive(event.seq) && isStart(event))
  if (starts.length === 0) throw new SkeinError("op.invalid", "There is no turn to undo: the conversation is empty.")
  const start = starts.at(-turns)
  if (start === undefined) {
    throw new SkeinError("op.invalid", `There are only ${starts.length} turns to undo, not ${turns}.`)
  }
  return start.seq - 1
}

/** The person's own commands that changed files while no turn was open. */
function shellsThatChanged(events: readonly DurableEvent[]): ReadonlySet<string> {
  const found = new Set<string>()
  let isOpen = false
  const idle = new Set<string>()
  for (const event of events) {
    if (event.type === "turn.started") isOpen = true
    else if (event.type === "turn.ended") isOpen = false
    else if (event.type === "shell.started" && !isOpen) idle.add(event.callId)
    else if (event.type === "files.changed" && event.changes.length > 0 && idle.has(event.callId))
      found.add(event.callId)
  }
  return found
}

/** One going back that can be gone forward again. */
interface Step {
  /** The last event before it. */
  readonly fromSeq: number
  readonly scope: RewindScope
}

/** What undoes the newest rewind that is not undone yet; none is left after a new turn. */
function redone(events: readonly DurableEvent[], wanted: RewindScope): Destination {
  let steps: Step[] = []
  const shells = shellsThatChanged(events)
  for (const [at, event] of events.entries()) {
    if (event.type === "turn.started" || (event.type === "shell.started" && shells.has(event.callId))) steps = []
    if (event.type !== "session.rewound" && event.type !== "files.restored") continue
    if (event.toSeq === ELSEWHERE) continue
    const previous = events[at - 1]
    // The conversation and the files of one rewind stand beside each other.
    if (event.type === "files.restored" && previous?.type === "session.rewound" && previous.toSeq === event.toSeq) {
      const step = steps.pop()
      // One that went forward again took its step away already.
      if (step?.fromSeq === previous.seq - 1) steps.push({ ...step, scope: "both" })
      else if (step !== undefined) steps.push(step)
      continue
    }
    if (steps.at(-1)?.fromSeq === event.toSeq) steps.pop()
    else steps.push({ fromSeq: event.seq - 1, scope: event.type === "session.rewound" ? "chat" : "code" })
  }
  const step = steps.at(-1)
  if (step === undefined) {
    throw new SkeinError("op.invalid", "There is nothing to redo: nothing was undone since the last turn.")
  }
  return { toSeq: step.fromSeq, scope: wanted === "both" ? step.scope : wanted }
}

/** An event after which no turn was open. */
function boundary(events: readonly DurableEvent[], seq: number): number {
  const last = events.at(-1)?.seq ?? 0
  if (seq > last) throw new SkeinError("op.invalid", `There is no event ${seq}: the session has ${last}.`)
  const isAlive = rising(lineage(rewindsOf(events), seq))
  let isOpen = false
  for (const event of events) {
    if (event.seq > seq) break
    if (!isAlive(event.seq)) continue
    if (event.type === "turn.started") isOpen = true
    if (event.type === "turn.ended") isOpen = false
  }
  if (isOpen) throw new SkeinError("op.invalid", `Event ${seq} lies inside a turn. Choose the end of one.`)
  return seq
}
