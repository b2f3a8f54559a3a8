import type { Failure, OpenTurn } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"

/**
 * A part of a wait, told when it begins: to its end, or to the moment when a long one is told again, so that whoever
 * watches sees it go by. The next decision goes on with it. An interrupt ends it.
 */
export async function wait(turn: OpenTurn, untilMs: number, ports: TurnPorts): Promise<void> {
  const { failure } = turn
  if (failure === undefined) throw new Error("A turn waits only after a failure")
  if (!told.has(failure)) tell(turn, failure, untilMs, ports)
  told.add(failure)
  const left = untilMs - ports.clock.now()
  const again = reminderAt(left)
  const isOver = await ports.clock.sleep(left - again, ports.signal).then(
    () => true,
    () => false,
  )
  if (isOver && again > 0) tell(turn, failure, untilMs, ports, { isReminder: true })
}

/** Of this process: a wait that goes on in another is told there. */
const told = new WeakSet<Failure>()

function tell(
  { turnId, stepsEnded, failures }: OpenTurn,
  { code, message }: Failure,
  atMs: number,
  ports: TurnPorts,
  how: { readonly isReminder?: true } = {},
): void {
  const which = { turnId, step: stepsEnded + 1, attempt: failures + 1 }
  ports.tell({ type: "retry.scheduled", ...which, code, message, atMs, ...how })
}

const MINUTE_MS = 60_000

/** How much is left when a wait is told the next time, in milliseconds; 0 when no more. Pure. */
export function reminderAt(leftMs: number): number {
  const every = leftMs > 20 * MINUTE_MS ? 10 * MINUTE_MS : leftMs > 2 * MINUTE_MS ? MINUTE_MS : 15_000
  return Math.max(0, Math.ceil(leftMs / every) - 1) * every
}
