import { type Closing, SkeinError } from "@skein/protocol"

/** What stops a turn that the person stops. */
export function byPerson(): SkeinError {
  return new SkeinError("call.cancelled", "Stopped by the person")
}

/** What stops a turn whose session is closed. */
export function byClosing(why: Closing | undefined): SkeinError {
  return new SkeinError("session.closed", CLOSED[why ?? "left"])
}

const CLOSED = {
  hang_up: "Cut off: the terminal went away",
  terminated: "Cut off: skein was asked to end",
  left: "Cut off: skein was left",
}

/** Said of a turn that nobody saw end. */
export const CUT_BY_CRASH = "Cut off: skein was stopped or the machine went down, without a word."

/** What happened, where it was not the person who stopped the turn. */
export function interruptionOf(signal: AbortSignal): string | undefined {
  const { reason } = signal
  if (!signal.aborted || !(reason instanceof SkeinError)) return undefined
  if (reason.code === "agent.stopped") return reason.message
  return reason.code === "session.closed" ? `${reason.message}.` : undefined
}

/** Who or what stopped a call: the beginning of a sentence. */
export function stopperOf({ reason }: AbortSignal): string {
  return reason instanceof SkeinError && STOPPERS.has(reason.code) ? reason.message : byPerson().message
}

const STOPPERS: ReadonlySet<string> = new Set(["session.closed", "agent.stopped"])
