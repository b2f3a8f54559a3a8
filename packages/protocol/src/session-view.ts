import type { InputPart, Usage } from "./content.ts"
import type { EventOf } from "./events/index.ts"
import type { PlanStep, Todo } from "./events/session.ts"
import type { Revision } from "./events/turn.ts"
import type { InputId, SessionId, TurnId } from "./ids.ts"
import type { Item } from "./items.ts"
import type { Settings } from "./settings.ts"
import type { TurnTerms } from "./terms.ts"
import type { Topics } from "./topics.ts"
import type { TurnRecord } from "./turns/record.ts"

/** A whole session as its fold. */
export interface SessionView {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly createdAt: number
  readonly seq: number
  readonly title?: string | undefined
  readonly settings: Settings
  readonly items: readonly Item[]
  /** What each turn can show for itself, in order; the one that runs is the last. */
  readonly turns?: readonly TurnShown[] | undefined
  readonly runningTurn?: TurnId | undefined
  /** Of the running turn: the wait before its next attempt, and when that ends, on the clock's scale. */
  readonly retry?: { readonly attempt: number; readonly atMs: number } | undefined
  /** Asked and not answered: a client that joins late shows and answers these. */
  readonly approvals: readonly EventOf<"approval.requested">[]
  /** Input that waits, in order. */
  readonly queue: readonly QueuedInput[]
  readonly usage: Usage
  readonly microUsd?: number | undefined
  /** Tokens that the next request would hold, once a provider has counted one; and the window of its model, where it is known. */
  readonly contextTokens?: number | undefined
  readonly contextTokensMax?: number | undefined
  readonly goal?: string | undefined
  readonly plan?: string | undefined
  /** What of its repository its newest turn began on. */
  readonly git?: Revision | undefined
  /** The plan as a tree. */
  readonly planSteps?: readonly PlanStep[] | undefined
  readonly todos?: readonly Todo[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly isArchived?: boolean | undefined
  readonly topics?: Topics | undefined
}

/** A turn among the items of its session. */
export interface TurnShown extends TurnRecord {
  /** How many items of the whole session stood before its end. */
  readonly itemsTo: number
}

export interface QueuedInput {
  readonly inputId: InputId
  readonly delivery: "steer" | "queue"
  readonly input: readonly InputPart[]
  /** See `input.queued`. */
  readonly terms?: TurnTerms | undefined
  /** See `input.queued`. */
  readonly taint?: readonly string[] | undefined
}
