import type { InputPart, Usage } from "./content.ts"
import type { EventOf } from "./events/index.ts"
import type { Section } from "./events/turn.ts"
import type { InputId, SessionId, TurnId } from "./ids.ts"
import type { Item } from "./items.ts"
import type { Settings } from "./settings.ts"

/** What can be asked without changing anything. A closed union: `Answer<Q>` follows from the query's type. */
export type Query =
  | { readonly type: "sessions.list"; readonly cwd?: string | undefined; readonly limit?: number | undefined }
  | { readonly type: "session.read"; readonly sessionId: SessionId }
  | { readonly type: "models.list" }
  | { readonly type: "tools.list" }
  | { readonly type: "context.report"; readonly sessionId: SessionId }

export const QUERY_TYPES = [
  "sessions.list",
  "session.read",
  "models.list",
  "tools.list",
  "context.report",
] as const satisfies readonly Query["type"][]

export type QueryAnswer<Q extends Query> = Answers[Q["type"]]

interface Answers {
  "sessions.list": readonly SessionSummary[]
  "session.read": SessionView
  "models.list": readonly ModelInfo[]
  "tools.list": readonly ToolInfo[]
  "context.report": ContextReport
}

/** One row of a session list, newest first. */
export interface SessionSummary {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly title?: string | undefined
  /** The first thing the person said, bounded. */
  readonly preview: string
  readonly isInteractive: boolean
  readonly isArchived: boolean
}

/** A whole session as its fold. */
export interface SessionView {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly createdAt: number
  readonly seq: number
  readonly title?: string | undefined
  readonly settings: Settings
  readonly items: readonly Item[]
  readonly runningTurn?: TurnId | undefined
  /** Asked and not answered: a client that joins late shows and answers these. */
  readonly approvals: readonly EventOf<"approval.requested">[]
  /** Input that waits, in order. */
  readonly queue: readonly QueuedInput[]
  readonly usage: Usage
  readonly microUsd?: number | undefined
}

export interface QueuedInput {
  readonly inputId: InputId
  readonly delivery: "steer" | "queue"
  readonly input: readonly InputPart[]
}

/** What is known of a model. Prices are USD per million tokens. Absent numbers are unknown, never guessed. */
export interface ModelInfo {
  readonly provider: string
  readonly id: string
  readonly name?: string | undefined
  readonly contextTokens?: number | undefined
  readonly outputTokensMax?: number | undefined
  readonly price?:
    | {
        readonly input: number
        readonly output: number
        readonly cacheRead?: number | undefined
        readonly cacheWrite?: number | undefined
      }
    | undefined
  readonly images: boolean
  readonly tools: boolean
  readonly reasoning: boolean
  /** Whether a key for its provider was found. */
  readonly isReady: boolean
}

export interface ToolInfo {
  readonly name: string
  readonly description: string
  readonly inputSchema: unknown
}

/** Exactly which bytes the model sees besides the conversation, and why. */
export interface ContextReport {
  /** What stands before the conversation. */
  readonly sections: readonly Section[]
  /** What was placed in the conversation and is still in view; its tokens are among `messageTokens`. */
  readonly inline: readonly Section[]
  readonly toolTokens: number
  readonly messageTokens: number
  readonly totalTokens: number
  readonly contextTokens?: number | undefined
}
