import type {
  ApprovalId,
  CallId,
  ContextProfile,
  Effort,
  EventOf,
  InputId,
  InputPart,
  Item,
  ItemId,
  Mode,
  PlanStep,
  PrefixPrint,
  ProcessId,
  QueuedInput,
  Revision,
  Rule,
  Section,
  SessionId,
  Settings,
  ShellLine,
  Todo,
  Topics,
  TurnId,
  TurnOutcome,
  TurnShown,
  TurnTerms,
  Usage,
} from "@skein/protocol"
import type { TurnRecord } from "@skein/protocol/turns"
import type { ChildRecord, OpenProcess, ProcessNews } from "./beside.ts"

/** A session as the fold of its durable events. Owned by whoever folds; `advance` changes it in place. */
export interface SessionState extends Conversation {
  /** With the folder it works in now. */
  created: EventOf<"session.created">
  readonly sessionId: SessionId
  readonly createdAt: number
  /** The newest durable event. */
  seq: number
  settings: Settings
  /** The mode that was left for mode plan, and is gone back to when a plan is approved. */
  modeBeforePlan: Mode | undefined
  title: string | undefined
  labels: readonly string[]
  topics: Topics | undefined
  isArchived: boolean
  /** What the session is for, in the person's words. */
  goal: string | undefined
  readonly queue: QueuedInput[]
  /** The person's own commands that run. */
  readonly shells: Map<CallId, RunningShell>
  /** Processes that go on beside the turns. */
  readonly processes: Map<ProcessId, OpenProcess>
  /** What became of them that the model was not told yet. */
  processNews: readonly ProcessNews[]
  readonly rules: Rule[]
  /** The newest ops that were taken: an op sent again is answered, not repeated. */
  readonly opsTaken: Map<string, TakenOp>
  /** Its child sessions, in the order they were begun. */
  readonly children: Map<SessionId, ChildRecord>
  turnsEnded: number
  usage: Usage
  /** Undefined until a step had a price. */
  microUsd: number | undefined
  readonly cache: CacheRecord
}

/** What is remembered of the newest request that a provider answered. */
export interface SentRequest {
  readonly model: string
  readonly effort: Effort | undefined
  readonly print: PrefixPrint
  readonly sections: readonly { readonly name: string; readonly sha256: string }[]
  /** The kept reply that it went on from. */
  readonly continues: string | undefined
}

/** What a provider can still have of a session. */
export interface CacheRecord {
  sent: (SentRequest & Answered) | undefined
  /** The request under way. */
  sending: SentRequest | undefined
  /** What was done since to the conversation that was sent. */
  changes: readonly ("compaction" | "rewind")[]
  /** How often in a row the provider did not have what it had said to keep. */
  lost: number
}

interface Answered {
  readonly endedAt: number
  readonly tokens: number
  /** Under which id the provider keeps it, with its reply. */
  readonly storedAs: string | undefined
}

/** The part of a session that a rewind takes back: what was said and done, and what the model knows of it. */
export interface Conversation {
  /** What stands before the conversation, as last recorded. */
  system: readonly Section[]
  /** Which instructions and tools the session has; undefined before its first turn, and where they are the standard ones. */
  profile: ContextProfile | undefined
  /**
   * The transcript as far as the model may still see it, in order: it begins at the newest summary. Items are replaced,
   * never changed.
   */
  items: Item[]
  /** What stood before the newest summary, for those who show the whole session; undefined where nobody does. */
  past: Item[] | undefined
  /** Whether something of the session is only in its log: a part before a summary, an older result. */
  isPartial: boolean
  /** Where each call stands in `items`. */
  callAt: Map<CallId, number>
  /** Everything the person said, word for word, in order: no compaction takes it away. */
  said: Said[]
  /** Inputs that the person wants whole in the model's view. */
  restored: Set<InputId>
  plan: string | undefined
  planSteps: readonly PlanStep[] | undefined
  /** What of its repository the newest turn began on. */
  git: Revision | undefined
  todos: readonly Todo[]
  approvals: Map<ApprovalId, EventOf<"approval.requested">>
  /** The content of files as the model last saw it: path to SHA-256. */
  observed: Map<string, string>
  /** The open turn; undefined when idle. */
  turn: OpenTurn | undefined
  lastOutcome: TurnOutcome | undefined
  /** What each turn that is over can show for itself. */
  turns: TurnShown[]
  compaction: CompactionRecord
  /** The person's own commands that ended while a turn was open, until they join its conversation. */
  shellsWaiting: readonly ShellLine[]
  /** What they printed between turns that nobody may be steered by: the next turn's from its start. */
  taintWaiting: readonly Taint[]
}

/** A command of the person's own that was begun. */
export interface RunningShell {
  readonly command: string
  readonly isPrivate: boolean
  readonly startedAt: number
}

/** One input of the person, for the ledger. */
export interface Said {
  readonly inputId: InputId
  readonly turnId: TurnId
  readonly input: readonly InputPart[]
  /** When it joined the conversation, on the clock's scale. */
  readonly at: number
}

/** How compactions have gone, for the circuit breaker and for not doing one directly after another. */
export interface CompactionRecord {
  /** Summaries in a row that the model could not write. */
  failures: number
  /** Tokens of the first request after the newest summary, as the provider counted them; 0 before it is known. */
  baselineTokens: number
  /** Inputs of which the newest summary shows only a part. */
  shortened: readonly InputId[]
  /** The newest whole request's size; undefined when what it held has changed since. */
  counted: CountedRequest | undefined
}

/** The size of a request, so that the next one's is this and what came since. */
export interface CountedRequest {
  /** As the provider counted it, or as it was estimated where the provider's count cannot be right. */
  readonly tokens: number
  /** The first item that was not in it. */
  readonly itemsTo: number
}

/** What a receipt says of submitted input. */
export interface TakenOp {
  readonly turnId?: TurnId | undefined
  readonly inputId?: InputId | undefined
  readonly callId?: CallId | undefined
  readonly as?: "started" | "steered" | "queued" | undefined
}

export interface OpenTurn {
  readonly turnId: TurnId
  /** Its calls work in a layer: as it began, whatever the settings say by now. */
  readonly isDryRun: boolean
  /** It is one call that a person made: no model is asked. */
  readonly isOwnCall: boolean
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
  /** Of those, how many were another model's: whoever took over is tried as often as the first was. */
  attemptsBefore: number
  /** How many of them in a row, to the last, were because the model was overloaded. */
  overloads: number
  /** What holds for it alone, as it began. */
  readonly terms: TurnTerms
  /** `provider/model` that is asked in place of the session's own to the turn's end. */
  reroutedTo: string | undefined
  /** Steps in a row, to the last, within which the provider paused. */
  pauses: number
  /** Compactions since the last step that ended. */
  compactions: number
  /** The model that was asked last; undefined before the first step. */
  model: string | undefined
  /** Tokens and money of this turn alone. */
  usage: Usage
  tokens: number
  microUsd: number
  /** What children spent that the turn waited for. */
  childTokens: number
  childMicroUsd: number
  batch: Batch | undefined
  /** Why the turn's context is not to be trusted: each source once, in the order it was read. Ends with the turn. */
  taint: readonly Taint[]
  /** Rules that end with it. */
  rules: readonly Rule[]
  /** A refusal that also ends the turn. */
  isStopRequested: boolean
  /** Hooks have yet to look at what it began with: until then it is nothing that a model may read. */
  isUnchecked: boolean
  /** How it ends, as a hook says. */
  endedByHook: TurnOutcome | undefined
  /** How often in a row hooks let it go on where it would have ended. */
  hookStops: number
  /** What it can show for itself so far. */
  record: TurnRecord
}

/** Something read that nobody may be steered by: a sentence part, as `call.settled` names where its output came from. */
export interface Taint {
  readonly source: string
}

export interface OpenAttempt {
  readonly step: number
  readonly attempt: number
  /** The first item of this attempt in `items`. */
  readonly itemsFrom: number
  /** Our estimate of its request's size. */
  readonly tokens: number
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
  /** When the provider's limit is over, where that is long. */
  readonly limitUntilMs?: number | undefined
  /** Whether that is waited for, which outlives the process; undefined until it is decided. */
  readonly isAwaited?: boolean | undefined
}

/** Consecutive steps that asked for exactly the same calls and got exactly the same results. */
export interface Batch {
  readonly signature: string
  readonly repeats: number
  readonly results: readonly string[] | undefined
  /** The results so far never changed. */
  readonly isUnchanged: boolean
}
