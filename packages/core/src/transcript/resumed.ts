import type { DurableEvent } from "@skein/protocol"
import type { LogPort, LogReader } from "../ports/index.ts"
import { advance, begin } from "./fold.ts"
import { thaw } from "./point.ts"
import type { SessionState } from "./state.ts"

/** A fold that is under way, from the newest replay point on. */
export interface Resuming extends LogReader {
  /**
   * The state so far. Undefined when the log has to be read and folded from its start: the point is of no use, or the
   * conversation went back in what follows it, which only the whole log can tell.
   */
  state(): SessionState | undefined
}

/** Folds a log as it is read, so that no more of it is held than what it folds to. `skein` is the version that folds. */
export function resuming(skein: string): Resuming {
  let state: SessionState | undefined
  let isUsable = true
  return {
    begin(point) {
      if (point === undefined) return
      state = thaw(point, skein)
      isUsable = state !== undefined
    },
    take(event) {
      if (event.type === "session.rewound") isUsable = false
      if (!isUsable) state = undefined
      else if (state === undefined) state = begun(event)
      else advance(state, event)
    },
    state: () => (isUsable ? state : undefined),
  }
}

/** The state of a log as it was opened; undefined as for `Resuming.state`. */
export function resumedState(
  { point, events }: Pick<LogPort, "point" | "events">,
  skein: string,
): SessionState | undefined {
  const under = resuming(skein)
  under.begin(point)
  for (const event of events) under.take(event)
  return under.state()
}

function begun(first: DurableEvent): SessionState {
  if (first.type !== "session.created") throw new Error("A log starts with session.created")
  return begin(first)
}
