import type {
  CallId,
  ContextProfile,
  DurableDraft,
  Effort,
  EventOf,
  LiveDraft,
  OpId,
  Rule,
  Task,
  TaskChoice,
  Tier,
  TypicalTurns,
} from "@skein/protocol"
import type { CallAgents } from "../agents/call-agents.ts"
import type { TurnHooks } from "../hooks/turn-hooks.ts"
import type {
  AuditPort,
  CheckpointsPort,
  ClientRequestKind,
  ClockPort,
  Layer,
  LayersPort,
  ModelPort,
  PlanContext,
  PolicyPort,
  RandomPort,
  SessionProcesses,
  SessionsPort,
  SkillsPort,
  SourcesPort,
  TokensPort,
  ToolsPort,
  Verdict,
} from "../ports/index.ts"
import type { Beginning } from "../processes/beginning.ts"
import type { Spent, Weighed } from "./budget.ts"
import type { TurnLimits } from "./decide.ts"
import type { RetryPolicy } from "./retry.ts"

/** What a turn needs of the world, and of the session it belongs to. */
export interface TurnPorts {
  readonly model: ModelPort
  readonly tools: ToolsPort
  readonly policy: PolicyPort
  readonly sources: SourcesPort
  readonly skills?: SkillsPort | undefined
  readonly checkpoints: CheckpointsPort
  readonly sessions: SessionsPort
  readonly clock: ClockPort
  readonly random: RandomPort
  readonly tokens: TokensPort
  readonly limits: TurnLimits
  readonly retry: RetryPolicy
  /** The standing rules of the session's folder, as they are now; the session adds its own. Throws SkeinError. */
  rules(): readonly Rule[]
  /** See `EnginePorts.taskFor`. */
  taskFor(task: Task, model: string): TaskChoice
  /** What a tier is beside a session of `model`; undefined where none is known. */
  tierOf(tier: Tier, model: string): { readonly model: string; readonly effort?: Effort | undefined } | undefined
  /** See `EnginePorts.profileFor`. */
  profileOf(model: string): ProfileChoice
  /** What the person's own turns were like. */
  typical(): Promise<TypicalTurns>
  /** Cheap: asked before every request. */
  spent(): Spent
  /** Once a step: each call weighs what the one before did not. */
  weighed(): Weighed
  readonly audit: AuditPort
  readonly layers: LayersPort
  /** Every call of this turn works in it: a dry run. */
  readonly layer?: Layer | undefined
  /** The person's own programs at points of this turn. Absent: there are none. */
  readonly hooks?: TurnHooks | undefined
  /** Whether somebody is there to answer approvals. */
  isAttended(): boolean
  /** Aborts when the turn is interrupted. */
  readonly signal: AbortSignal
  /** Into the log, then to every client; with `flush`, on disk before it resolves. */
  emit(
    drafts: readonly DurableDraft[],
    options?: { readonly flush?: boolean; readonly causedBy?: OpId | undefined },
  ): Promise<void>
  /** Told of a defect that does not end the turn: for the log file. */
  readonly onDefect: (error: unknown) => void
  /** To every client that listens; may be lost. */
  tell(draft: LiveDraft): void
  /** Starts putting what was written on disk, without waiting. */
  flushSoon(): void
  /** Resolves when all that was written is on disk. */
  settled(): Promise<void>
  /**
   * Asks: puts the question into the log and waits for its answer; `withdrawn` at once when nobody is there to give one.
   * Rejects when the signal aborts first. `decisionNow` is asked again when a rule was added meanwhile.
   */
  ask(question: Question, signal: AbortSignal, decisionNow: () => Verdict["decision"]): Promise<ApprovalAnswer>
  /** Of the session, for a call that may begin some. Absent where none go on beside a turn. */
  readonly processesFor?: ((beginning: Beginning) => Promise<SessionProcesses>) | undefined
  readonly processesSeen?: PlanContext["processesSeen"]
  /** See `RunContext.offerBackground`. */
  offerBackground?(callId: string, move: () => void): void
  /** See `PlanContext.askClient`; here also released when this call's own signal aborts. */
  askClient(request: ClientQuestion): Promise<unknown>
  /** Whether a client offered to answer this kind. Absent: none does. */
  hasClient?(kind: ClientQuestion["kind"]): boolean
  /** The children that a call may begin. Absent where it may begin none. */
  readonly agents?: ((callId: CallId, signal: AbortSignal) => CallAgents) | undefined
  /** What children spend that the turn waits for, beside what their ends say. */
  childrenNow?(): { readonly tokens: number; readonly microUsd: number }
  /** Why the turn of the parent that waits for this one lets it ask no more. */
  overParent?(): string | undefined
  /** A signal of one call's own, aborted with the turn's or by `call.cancel`. `done` lets go of it. */
  callSignal(callId: string): { readonly signal: AbortSignal; abort(reason: unknown): void; done(): void }
}

/** What stands before a conversation, and what the person is told of it, where they did not choose it themselves. */
export interface ProfileChoice {
  readonly profile: ContextProfile
  readonly notice?: string | undefined
}

/** What a client is asked, and how long it has. */
export interface ClientQuestion {
  readonly kind: ClientRequestKind
  readonly payload: unknown
  readonly deadlineMs: number
  readonly signal: AbortSignal
  /** The sub-agent in whose name it is asked. */
  readonly agent?: EventOf<"client.requested">["agent"]
}

export type Question = Extract<DurableDraft, { type: "approval.requested" }>

export interface ApprovalAnswer {
  readonly resolved: EventOf<"approval.resolved">
  /** Arguments to run instead; judged again. */
  readonly updatedInput?: unknown
  /** Only these hunks of what was shown, counted from 1. */
  readonly hunks?: readonly number[] | undefined
}
