import type { TurnOutcome } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { errorInfo } from "../words.ts"

/** A turn under way, as far as its end is told from it. */
export interface OpenTurn {
  readonly id: string
  readonly startedAt: number
  readonly lastMessage: Json | undefined
}

/** A turn that has just begun, as the answer to `turn/start` shows it. */
export function runningTurn(id: string): Json {
  return {
    ...{ id, rootTurnId: id, items: [], itemsView: "notLoaded", status: "inProgress", error: null },
    ...{ startedAt: null, completedAt: null, durationMs: null },
  }
}

export function endedTurn(turn: OpenTurn, outcome: TurnOutcome, at: number): Json {
  const isWhole = outcome.kind === "completed" && turn.lastMessage !== undefined
  return {
    id: turn.id,
    rootTurnId: turn.id,
    items: isWhole ? [turn.lastMessage] : [],
    itemsView: isWhole ? "summary" : "notLoaded",
    status: statusOf(outcome),
    startedAt: seconds(turn.startedAt),
    completedAt: seconds(at),
    durationMs: at - turn.startedAt,
  }
}

export function statusOf({ kind }: TurnOutcome): "completed" | "interrupted" | "failed" {
  return kind === "completed" || kind === "interrupted" ? kind : "failed"
}

/** Why a turn failed; null when it did not. */
export function errorOf(outcome: TurnOutcome): Json | null {
  if (outcome.kind === "completed" || outcome.kind === "interrupted") return null
  const code = outcome.kind === "failed" ? outcome.code : "other"
  return { message: outcome.message, codexErrorInfo: errorInfo(code), additionalDetails: null }
}

/** Codex counts in whole seconds here. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1_000)
}
