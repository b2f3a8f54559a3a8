import type {
  ApprovalId,
  CallId,
  EventOf,
  InputId,
  Item,
  ItemId,
  QueuedInput,
  Rule,
  Section,
  SessionId,
  Settings,
  TurnId,
  TurnOutcome,
  Usage,
} from "@skein/protocol"

/** A session as the fold of its durable events. Owned by whoever folds; `advance` changes it in place. */
export interface SessionState {
  readonly created: EventOf<"session.created">
  readonly sessionId: SessionId
  readonly createdAt: number
  /** The newest durable event. */
  seq: number
  settings: Settings
  title: string | undefined
  labels: readonly string[]
  isArchived: boolean
  /** What stands before the conversation, as last recorded. */
  system: readonly Section[]
  /** The transcript, in order. Items are replaced, never changed. */
  readonly items: Item[]
  /** Where each call stands in `items`. */
  readonly callAt: Map<CallId, number>
  readonly queue: QueuedInput[]
  readonly rules: Rule[]
  readonly approvals: Map<ApprovalId, EventOf<"approval.requested">>
  /** Ops that were taken: an op sent again is answered, not repeated. */
  readonly opsTaken: Map<string, TakenOp>
  /** The content of files as the model last saw it: path to SHA-256. */
  readonly observed: Map<string, string>
  /** The open turn; undefined when idle. */
  turn: OpenTurn | undefined
  turnsEnded: number
  lastOutcome: TurnOutcome | undefined
  usage: Usage
  /** Undefined until a step had a price. */
  microUsd: number | undefined
}

/** What a receipt says of submitted input. */
export interface TakenOp {
  readonly turnId?: TurnId | undefined
  readonly inputId?: InputId | undefined
  readonly as?: "started" | "steered" | "queued" | undefined
}

export interface OpenTurn {
  readonly turnId: TurnId
  /** Steps that ended. */
  stepsEnded: number
  /** The attempt under way. */
  attempt: OpenAttempt | undefined
  /** How the newest step ended; undefined before the first and after the model was given something new. */
  lastStep: LastStep | undefined
  /** The newest attempt, when it was discarded. */
  failure: Failure | undefined
  /** Attempts of this step that were discarded; so every attempt of a step has a number of its own. */
  failures: number
  /** Compactions since the last step that ended. */
  compactions: number
  /** Tokens and money of this turn alone. */
  tokens: number
  microUsd: number
  batch: Batch | undefined
  /** A refusal that also ends the turn. */
  isStopRequested: boolean
}

export interface OpenAttempt {
  readonly step: number
  readonly attempt: number
  /** The first item of this attempt in `items`. */
  readonly itemsFrom: number
  /** Text on disk of items not yet whole. */
  readonly appended: Map<ItemId, { readonly kind: "agent_message" | "reasoning"; text: string }>
}

export interface LastStep {
  readonly step: number
  readonly stop: EventOf<"step.ended">["stop"]
  readonly callIds: readonly CallId[]
}

export interface Failure {
  readonly code: string
  readonly message: string
  /** When the next attempt may start, on the clock's scale; undefined when there will be none. */
  readonly retryAtMs: number | undefined
}

/** Consecutive steps that asked for exactly the same calls and got exactly the same results. */
export interface Batch {
  readonly signature: string
  readonly repeats: number
  readonly results: readonly string[] | undefined
  /** The results so far never changed. */
  readonly isUnchanged: boolean
}
