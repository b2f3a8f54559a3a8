import type { LogPort } from "../ports/index.ts"
import { fold, foldOnto, goesBehind } from "./fold.ts"
import { thaw } from "./point.ts"
import type { SessionState } from "./state.ts"

/**
 * The state of a log as it was opened: from its newest replay point where that can be used. Undefined when the point is of
 * no use, and the log has to be read and folded from its start. `skein` is the version that folds.
 */
export function resumedState(
  { point, events }: Pick<LogPort, "point" | "events">,
  skein: string,
): SessionState | undefined {
  if (point === undefined) return fold(events)
  const state = goesBehind(point.seq, events) ? undefined : thaw(point, skein)
  return state === undefined ? undefined : foldOnto(state, events)
}
