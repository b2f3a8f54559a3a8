import type { EventOf } from "@skein/protocol"
import type { HookEvent, HookOutcome } from "../ports/index.ts"

/** What hooks did to what their point stands before. */
export interface Effect {
  readonly effect: NonNullable<EventOf<"hook.ran">["effect"]>
  readonly reason: string
}

/** Points at which a no keeps something from happening. */
const BLOCKING: ReadonlySet<HookEvent> = new Set(["UserPromptSubmit", "PreToolUse", "PermissionRequest", "PreCompact"])
/** Points after which nothing of a turn is left that could be stopped. */
const TOO_LATE: ReadonlySet<HookEvent> = new Set([
  "SessionEnd",
  "StopFailure",
  "Interrupt",
  "Notification",
  "InstructionsLoaded",
  "ConfigChange",
  "WorktreeCreate",
  "WorktreeRemove",
])

/** Where a no keeps what is no part of a turn from happening. */
export function notDone({ block, stop }: HookOutcome): Effect | undefined {
  const reason = block?.reason ?? stop?.reason
  return reason === undefined ? undefined : { effect: "blocked", reason }
}

/** What an outcome means at a point, where that point says nothing else. Pure. */
export function effectOf(event: HookEvent, { stop, block, decision, reason }: HookOutcome): Effect | undefined {
  if (TOO_LATE.has(event)) return undefined
  if (stop !== undefined) return { effect: "stopped", reason: stop.reason }
  // Nothing leaves for the model, and there is nothing else that a turn could do instead.
  if (event === "PreModelRequest" && block !== undefined) return { effect: "stopped", reason: block.reason }
  if (!BLOCKING.has(event)) return undefined
  if (block !== undefined) return { effect: "blocked", reason: block.reason }
  return decision === "deny" ? { effect: "blocked", reason: reason ?? "" } : undefined
}
