import type { DurableEvent } from "@skein/protocol"
import type { CheckpointsPort, Watched } from "../ports/index.ts"
import { fold } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import { unseen } from "./resume.ts"
import { stamp } from "./writer.ts"

/**
 * The events of a log that nobody has opened since its writer was killed, with what opening it will say of files: so that
 * what is shown before an undo is what the undo does. Nothing is written.
 */
export async function withLeftBehind(
  events: readonly DurableEvent[],
  checkpoints: CheckpointsPort,
): Promise<readonly DurableEvent[]> {
  const last = events.at(-1)
  if (last === undefined || checkpoints.leftBehind === undefined || !isCutOff(events)) return events
  const state = fold(events)
  if (unseen(state, undefined).length === 0) return events
  const left = await checkpoints.leftBehind(state.sessionId)
  if (left === undefined) return events
  const { sessionId, id, at } = last
  const own = await withoutKnown(left, state, async () => events)
  const found = unseen(state, own).map((draft, index) =>
    stamp(draft, { seq: last.seq + 1 + index, sessionId, id, at, causedBy: undefined }),
  )
  return [...events, ...found]
}

/**
 * A process that went on beside turns began before changes that are known to be a call's: those are not told again, and not
 * taken back with it.
 */
export async function withoutKnown<L extends Watched>(
  left: L,
  state: SessionState,
  read: () => Promise<readonly DurableEvent[]>,
): Promise<L> {
  if (state.processes.size === 0 || left.changes.length === 0) return left
  const { unexplained } = await import("../processes/unexplained.ts")
  const events = await read()
  const began = events.find((event) => event.type === "process.started" && state.processes.has(event.processId))
  return { ...left, changes: unexplained(left.changes, events.slice(began?.seq ?? events.length)) }
}

/** Whether a call, or a person's own command, began and did not end: to be told without folding the log. */
function isCutOff(events: readonly DurableEvent[]): boolean {
  const running = new Set<string>()
  for (const event of events) {
    if (event.type === "process.started") running.add(event.processId)
    else if (event.type === "process.exited") running.delete(event.processId)
    else if (event.type === "call.started" || event.type === "shell.started") running.add(event.callId)
    else if (event.type === "call.settled" || event.type === "shell.ended") running.delete(event.callId)
  }
  return running.size > 0
}
