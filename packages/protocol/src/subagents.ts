import type { TurnOutcome } from "./events/turn.ts"
import type { SessionId } from "./ids.ts"

/** A child session as lists show it. */
export interface SubagentReport {
  readonly childSessionId: SessionId
  readonly agent: string
  readonly description: string
  /** `waiting`: for a person's answer. `queued`: for a free place. */
  readonly status: "queued" | "running" | "waiting" | "ended"
  readonly isBackground: boolean
  /** What it does, while it does. */
  readonly doing?: string | undefined
  readonly steps: number
  readonly tokens: number
  readonly microUsd: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Of one that has ended. */
  readonly durationMs?: number | undefined
  readonly outcome?: TurnOutcome | undefined
  readonly text?: string | undefined
}
