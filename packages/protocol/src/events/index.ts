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
import { ItemAppended, ItemCompleted, ItemDelta, ItemStarted } from "./item.ts"
import {
  ClientRequested,
  NoticePosted,
  OpAccepted,
  RuleAdded,
  SessionChanged,
  SessionCreated,
  SessionSnapshot,
  SessionStatus,
  SettingsChanged,
} from "./session.ts"
import {
  ContextCompacted,
  ContextLoaded,
  InputCancelled,
  InputEdited,
  InputQueued,
  QueueChanged,
  RetryScheduled,
  StepDiscarded,
  StepEnded,
  StepStarted,
  TurnEnded,
  TurnStarted,
  TurnSteered,
  UsageUpdated,
} from "./turn.ts"

/** What rebuilds a session. A reader keeps and skips types it does not know: a newer skein wrote them. */
export const DURABLE_EVENTS = [
  SessionCreated,
  SessionChanged,
  SettingsChanged,
  OpAccepted,
  RuleAdded,
  NoticePosted,
  InputQueued,
  InputEdited,
  InputCancelled,
  TurnStarted,
  TurnSteered,
  TurnEnded,
  ContextLoaded,
  ContextCompacted,
  StepStarted,
  StepEnded,
  StepDiscarded,
  ItemAppended,
  ItemCompleted,
  CallRequested,
  CallAmended,
  CallStarted,
  CallSettled,
  ApprovalRequested,
  ApprovalResolved,
] as const

/** Progress that may be lost. */
export const LIVE_EVENTS = [
  SessionSnapshot,
  SessionStatus,
  ItemStarted,
  ItemDelta,
  CallScheduled,
  CallProgress,
  RetryScheduled,
  QueueChanged,
  UsageUpdated,
  ClientRequested,
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
