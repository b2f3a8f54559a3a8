import type { AgentResult, Spawned } from "@skein/core/ports"
import type { TurnOutcome } from "@skein/protocol"

/** A piece of work for one agent. */
export interface Assignment {
  /** A name of the table, or `auto`. */
  readonly agent: string
  /** A few words on what it is for, as a person is shown it. */
  readonly description: string
  readonly prompt: string
}

/** Begins a child. Throws ToolFailure when it cannot be begun. */
export type Begin = (assignment: Assignment) => Promise<Spawned>

export const STATUSES = ["completed", "failed", "cancelled"] as const

/** How an assignment ended. Each of a plan has exactly one, begun or not. */
export interface Settled {
  readonly assignment: Assignment
  /** `cancelled`: stopped, or never begun, because of something else. */
  readonly status: (typeof STATUSES)[number]
  /** The agent's last message, whole; why, where it did not complete. */
  readonly text: string
  /** Absent when it was never begun. */
  readonly result?: AgentResult | undefined
}

export function settled(assignment: Assignment, result: AgentResult, stoppedBecause: string | undefined): Settled {
  const { outcome, text } = result
  if (outcome.kind === "completed") return { assignment, status: "completed", text, result }
  const isStopped = stoppedBecause !== undefined && outcome.kind === "interrupted"
  const why = isStopped ? `Stopped: ${stoppedBecause}` : reasonOf(outcome)
  const said = text === "" ? why : `${why}\nIt had said: ${text}`
  return { assignment, status: isStopped ? "cancelled" : "failed", text: said, result }
}

/** One that was never begun. */
export function dropped(assignment: Assignment, why: string): Settled {
  return { assignment, status: "cancelled", text: `Never begun: ${why}` }
}

function reasonOf(outcome: TurnOutcome): string {
  switch (outcome.kind) {
    case "failed":
      return `It failed: ${outcome.message}`
    case "exhausted":
      return `It came to the end of its ${outcome.reason.replace("_", " ")}.`
    case "interrupted":
      return outcome.message === undefined ? "It was interrupted." : `It was interrupted: ${outcome.message}`
    default:
      return ""
  }
}
