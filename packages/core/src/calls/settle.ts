import type { CallId, DurableDraft, ToolCall } from "@skein/protocol"
import { loadTouched } from "../context/load.ts"
import { callOf, callsFrom } from "../transcript/calls.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { CallRun } from "./call-run.ts"
import { STOPPED_BY_HOOK } from "./hooked.ts"
import { cancelled, draftOf, REPEATED } from "./outcome.ts"

/** At most this many concurrency-safe calls run at once. */
const TOGETHER_MAX = 10

/**
 * Every call to its one settled state, in the order the model asked. Neighbours that are safe beside others run
 * together; any other call waits for all before it and holds all after it.
 */
export async function runCalls(state: SessionState, callIds: readonly CallId[], ports: TurnPorts): Promise<void> {
  const calls = callIds.flatMap((callId) => callOf(state, callId) ?? [])
  // Whoever reads a file now may change one soon: the first look over the workspace is begun meanwhile.
  ports.checkpoints.prepare?.({ roots: rootsOf(state), signal: ports.signal })
  // All of them from the start, so that one can be cancelled before its turn comes.
  const runs = calls.map((call) => new CallRun(state, call, ports))
  try {
    await runInOrder(runs)
  } catch (error) {
    // Nothing of a turn that breaks outlives it: what still runs is stopped, and waited for.
    await Promise.allSettled(runs.map((run) => run.stop(error)))
    throw error
  } finally {
    for (const run of runs) run.letGo()
  }
  ports.flushSoon()
  const isOurs = new Set<string | undefined>(callIds)
  const made = callsFrom(state, 0).filter(({ parentCallId }) => parentCallId !== undefined && isOurs.has(parentCallId))
  const touched = [...calls, ...made].flatMap((call) => call.locations)
  if (!ports.signal.aborted && touched.length > 0) await loadTouched(state, touched, ports)
}

/** After an interrupt, what was not begun settles at once. */
async function runInOrder(runs: readonly CallRun[]): Promise<void> {
  let together: Promise<void>[] = []
  const barrier = async () => {
    await Promise.all(together)
    together = []
  }
  for (const run of runs) {
    if (await run.isConcurrent()) {
      if (together.length === TOGETHER_MAX) await barrier()
      const settling = run.settle()
      // Thrown by the barrier; until then nobody looks.
      settling.catch(() => undefined)
      together.push(settling)
    } else {
      await barrier()
      await run.settle()
    }
  }
  await barrier()
}

/** Settles calls that are not to be run. */
export async function refuseCalls(
  state: SessionState,
  callIds: readonly CallId[],
  why: "cancelled" | "repeated" | "hook",
  ports: TurnPorts,
): Promise<void> {
  const calls = callIds.map((callId) => callOf(state, callId)).filter((call) => call !== undefined)
  const settled = { cancelled: () => cancelled(ports.signal), repeated: () => REPEATED, hook: () => STOPPED_BY_HOOK }
  await ports.emit([
    ...calls.flatMap((call) => withdrawn(state, call)),
    ...calls.map((call) => draftOf(call, settled[why](), 0)),
  ])
}

/** An approval still open when its call is refused gets its one answer too. */
function withdrawn(state: SessionState, call: ToolCall): DurableDraft[] {
  return [...state.approvals.values()]
    .filter((asked) => asked.callId === call.callId)
    .map(({ approvalId }) => ({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "policy" }))
}
