import { SubagentEnded, SubagentStarted, SubagentUpdated } from "./agent.ts"
import {
  ApprovalRequested,
  ApprovalResolved,
  CallAmended,
  CallProgress,
  CallRequested,
  CallScheduled,
  CallSettled,
  CallStarted,
} from "./call.ts"
import type { DraftOf, Envelope, LiveEnvelope } from "./define.ts"
import { FilesChanged, FilesRestored } from "./files.ts"
import { HookRan, HookStarted } from "./hook.ts"
import { HostedCallCompleted, HostedCallStarted, ItemAppended, ItemCompleted, ItemDelta, ItemStarted } from "./item.ts"
import { ProcessControlled, ProcessExited, ProcessMatched, ProcessOutput, ProcessStarted } from "./process.ts"
import {
  ClientRequested,
  GoalChanged,
  NoticePosted,
  OpAccepted,
  PlanChanged,
  RuleAdded,
  RuleRemoved,
  SessionChanged,
  SessionCreated,
  SessionRewound,
  SessionSnapshot,
  SessionStatus,
  SettingsChanged,
  SuggestionMade,
  TodoChanged,
  TrustDecided,
  TurnLabelled,
} from "./session.ts"
import { ShellEnded, ShellJoined, ShellStarted } from "./shell.ts"
import {
  ContextCompacted,
  ContextLoaded,
  ContextRestored,
  InputCancelled,
  InputEdited,
  InputQueued,
  QueueChanged,
  RetryScheduled,
  StepDiscarded,
  StepEnded,
  StepStarted,
  TurnEnded,
  TurnRerouted,
  TurnStarted,
  TurnSteered,
  UsageRecorded,
  UsageUpdated,
  WaitDecided,
} from "./turn.ts"

/** What rebuilds a session. A reader keeps and skips types it does not know: a newer skein wrote them. */
export const DURABLE_EVENTS = [
  SessionCreated,
  SessionChanged,
  SessionRewound,
  SettingsChanged,
  OpAccepted,
  RuleAdded,
  RuleRemoved,
  TrustDecided,
  NoticePosted,
  InputQueued,
  InputEdited,
  InputCancelled,
  TurnStarted,
  TurnSteered,
  TurnEnded,
  TurnLabelled,
  GoalChanged,
  PlanChanged,
  TodoChanged,
  ContextLoaded,
  ContextCompacted,
  ContextRestored,
  UsageRecorded,
  TurnRerouted,
  WaitDecided,
  StepStarted,
  StepEnded,
  StepDiscarded,
  ItemAppended,
  ItemCompleted,
  HostedCallCompleted,
  CallRequested,
  CallAmended,
  CallStarted,
  CallSettled,
  ApprovalRequested,
  ApprovalResolved,
  HookRan,
  FilesChanged,
  FilesRestored,
  ShellStarted,
  ShellEnded,
  ShellJoined,
  SubagentStarted,
  SubagentEnded,
  ProcessStarted,
  ProcessControlled,
  ProcessMatched,
  ProcessExited,
] as const

/** Progress that may be lost. */
export const LIVE_EVENTS = [
  SessionSnapshot,
  SessionStatus,
  ItemStarted,
  ItemDelta,
  HostedCallStarted,
  CallScheduled,
  CallProgress,
  ProcessOutput,
  RetryScheduled,
  QueueChanged,
  UsageUpdated,
  ClientRequested,
  SuggestionMade,
  SubagentUpdated,
  HookStarted,
] as const

export type DurableDraft = DraftOf<(typeof DURABLE_EVENTS)[number]>
export type LiveDraft = DraftOf<(typeof LIVE_EVENTS)[number]>

type WithEnvelope<D, E> = D extends unknown ? D & E : never
export type DurableEvent = WithEnvelope<DurableDraft, Envelope>
export type LiveEvent = WithEnvelope<LiveDraft, LiveEnvelope>
export type Event = DurableEvent | LiveEvent

export type EventType = Event["type"]
/** The event of one type: `EventOf<"turn.ended">`. */
export type EventOf<T extends EventType> = Extract<Event, { type: T }>

export function isDurable(event: Event): event is DurableEvent {
  return "seq" in event
}
