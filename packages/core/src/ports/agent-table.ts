import type { Agent } from "./agents.ts"

/** Who work can be handed to: agents that are built in, the person's own, and those of a folder that they trust. */
export interface AgentTablePort {
  /** For a session in this folder, absolute. Each name once. */
  read(cwd: string): Promise<AgentTable>
  /** The name itself; for `auto`, of the agent that the words of the task say it is for. */
  nameFor(name: string, task: string): Promise<string>
  /** The agent, with its model chosen for a parent that asks `model`. Throws ToolFailure when it cannot be asked. */
  chosen(row: AgentRow, model: string): Promise<Agent>
}

export interface AgentTable {
  readonly agents: readonly AgentRow[]
  /** Files that were left out, or in part; sentences for a person, with file and line. */
  readonly warnings: readonly string[]
}

/** One agent, before its model is chosen. */
export interface AgentRow extends Omit<Agent, "model"> {
  /** What it is good for, for the model that hands it work. */
  readonly summary: string
  readonly origin: "built_in" | "person" | "project"
  /** Its file, absolute. */
  readonly path?: string | undefined
  /** A model's name, a tier or a task; the parent's model when left out. */
  readonly asks?: AgentModel | undefined
  /** It works in a worktree of its own, whoever calls it. */
  readonly isIsolated?: boolean | undefined
}

export type AgentModel =
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "tier"; readonly tier: "smart" | "rush" | "free" | "deep" }
  | { readonly kind: "task"; readonly task: "oracle" | "review" | "search" }
