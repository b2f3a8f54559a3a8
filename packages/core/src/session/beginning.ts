import type { DurableDraft, EventOf, OpId, SessionId, Settings } from "@skein/protocol"

/** How a new session begins. */
export interface Beginning {
  readonly sessionId: SessionId
  readonly opId: OpId | undefined
  readonly workspace: EventOf<"session.created">["workspace"]
  readonly settings: Settings
  readonly isInteractive: boolean
  /** What hooks hear of how it began, where its log does not say. */
  readonly origin?: "clear"
  readonly parent?: EventOf<"session.created">["parent"]
  readonly agent?: EventOf<"session.created">["agent"]
  /** What the session holds from the start, in order; with the time when it happened, else it happens now. */
  readonly events?: readonly (DurableDraft & { readonly at?: number })[]
}
