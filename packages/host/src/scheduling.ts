import type { AgentResult, Spawned } from "@skein/core/ports"

/** A piece of work for one agent. */
export interface SubagentTask {
  /** A name of the agents of the folder, or `auto`. */
  readonly agent: string
  /** A few words on what it is for. */
  readonly description: string
  readonly prompt: string
}

/** How one ended; each task has one, in the order they were given. */
export interface SubagentEnd {
  readonly task: SubagentTask
  /** `cancelled`: stopped, or never begun, because of something else. */
  readonly status: "completed" | "failed" | "cancelled"
  /** Its last message, its middle cut out beyond 20,000 characters; why, where it did not complete. */
  readonly text: string
  /** Absent when it was never begun. */
  readonly result?: AgentResult | undefined
}

/** What of the tools orders agents. */
export interface Scheduling {
  inParallel(tasks: readonly SubagentTask[], schedule: Schedule): Promise<readonly Ended[]>
  inStages(stages: readonly (readonly SubagentTask[])[], schedule: Schedule): Promise<readonly (readonly Ended[])[]>
}

export interface Schedule {
  readonly begin: (task: SubagentTask) => Promise<Spawned>
  readonly isFailFast: boolean
  readonly signal: AbortSignal
}

export interface Ended extends Omit<SubagentEnd, "task"> {
  readonly assignment: SubagentTask
}
