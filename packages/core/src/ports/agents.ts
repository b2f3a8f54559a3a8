import type { Mode, SessionId, TurnOutcome } from "@skein/protocol"

/**
 * Child sessions of the session that a call belongs to. A child has a log, a budget and a turn of its own; what it asks a
 * person for is asked in its parent, with its name. It never may do more than its parent.
 */
export interface AgentsPort {
  /**
   * Begins a child session and its first turn; resolves when that runs. Throws ToolFailure beyond the limits of depth and
   * number, and where the agent or its model cannot be used. One that waits for a free place is begun when there is one.
   */
  spawn(request: SpawnRequest): Promise<Spawned>
  /** Says more to a child of this session: into its turn while it runs, else as its next turn. Throws ToolFailure. */
  say(childSessionId: SessionId, text: string): Promise<Spawned>
  /** A child of this session that has not ended; undefined for all others. */
  running(childSessionId: SessionId): Spawned | undefined
  /** The children of this session, oldest first. */
  list(): readonly AgentReport[]
}

/** Agents by their names. */
export interface AgentNamesPort {
  /** Undefined where the folder knows none of this name. Rejects with SkeinError when it cannot be used. */
  find(name: string, cwd: string): Promise<Agent | undefined>
  /** All that can be named in a folder, the built-in ones first. */
  list(cwd: string): Promise<readonly { readonly name: string; readonly description: string }[]>
}

export interface SpawnRequest {
  readonly agent: Agent
  /** A few words on what it is for, as a person is shown it. */
  readonly description: string
  readonly prompt: string
  /** Absolute; the parent's folder when left out. It must be one the parent may work in, or a worktree of it. */
  readonly cwd?: string | undefined
  /** It goes on when the call or the turn that began it is over; its end is told to the parent's model. */
  readonly isBackground?: boolean | undefined
}

/** What a child session is: resolved from a built-in table, a file, or a call. */
export interface Agent {
  /** `finder`: what a person sees beside all that it asks. */
  readonly name: string
  /** Its own instructions: they stand in its context before everything else, and survive every compaction. */
  readonly instructions?: string | undefined
  /** `provider/model` or a selector; the parent's when left out. */
  readonly model?: string | undefined
  /** Names and globs: it sees only these tools. Left out: all of its parent's. */
  readonly tools?: readonly string[] | undefined
  /** Names and globs that it never sees; stronger than `tools`. */
  readonly toolsDenied?: readonly string[] | undefined
  /** Never wider than its parent's. */
  readonly mode?: Mode | undefined
  readonly stepsMax?: number | undefined
  /** Wall clock from its start until it is stopped. Left out: 30 minutes. */
  readonly timeoutMs?: number | undefined
  readonly microUsdMax?: number | undefined
}

/** A child session that runs. */
export interface Spawned {
  readonly sessionId: SessionId
  /** Resolves once, when its turn is over, however that ended. Never rejects. */
  readonly done: Promise<AgentResult>
  /** Interrupts it and waits until all of its work has ended. */
  stop(reason: string): Promise<AgentResult>
}

export interface AgentResult {
  readonly sessionId: SessionId
  readonly outcome: TurnOutcome
  /** Its final message, whole; what it last said where it did not get to one. */
  readonly text: string
  readonly steps: number
  readonly microUsd: number
  readonly durationMs: number
  /** Files that it changed; absolute. */
  readonly changedPaths: readonly string[]
}

/** One child as lists show it. */
export interface AgentReport {
  readonly sessionId: SessionId
  readonly agent: string
  readonly description: string
  /** `waiting`: for a person's answer. `queued`: for a free place. */
  readonly status: "queued" | "running" | "waiting" | "ended"
  readonly result?: AgentResult | undefined
}
