import type { DurableDraft, SessionId, TurnOutcome } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import type { Tally } from "./tally.ts"

/** What of a child's words stands in its parent's log; the child's own has all. */
const TEXT_CHARS_MAX = 20_000
const PATHS_MAX = 200

interface Whose {
  readonly sessionId: SessionId
  readonly agent: string
  readonly isBackground: boolean
}

interface End {
  readonly outcome: TurnOutcome
  readonly durationMs: number
  /** Its folder is none of its parent's. */
  readonly isApart: boolean
}

/** The end of a child in its parent's log; a person is told of one that nobody waited for. */
export function endOf(
  { sessionId, agent, isBackground }: Whose,
  { text, steps, tokens, microUsd, changedPaths, taint }: Tally,
  { outcome, durationMs, isApart }: End,
): readonly DurableDraft[] {
  const ended: DurableDraft = {
    ...{ type: "subagent.ended", childSessionId: sessionId, agent, outcome, text: cut(text, TEXT_CHARS_MAX) },
    ...{ steps, tokens, microUsd, durationMs, changedPaths: changedPaths.slice(0, PATHS_MAX) },
    ...(isApart ? { isApart } : {}),
    ...(taint.length === 0 ? {} : { taint: [...taint] }),
  }
  const told = `The sub-agent ${agent} has ended: ${outcomeText(outcome)}. What it says is told with your next prompt; /agents lists all.`
  const level = outcome.kind === "completed" ? "info" : "warning"
  return isBackground ? [ended, { type: "notice.posted", level, text: told, code: "agent.ended" }] : [ended]
}

/** Completes "has ended: …". */
export function outcomeText(outcome: TurnOutcome): string {
  if (outcome.kind === "completed") return "it is done"
  const why = "message" in outcome && outcome.message !== undefined ? ` (${outcome.message.replace(/\.$/, "")})` : ""
  return `it did not get to its end, ${outcome.kind}${why}`
}
