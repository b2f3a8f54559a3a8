import type { ContentBlock, FileChange, HumanView, InputPart, ProviderData } from "./content.ts"
import type { ToolKind } from "./events/call.ts"
import type { EventOf } from "./events/index.ts"
import type { Section } from "./events/turn.ts"
import type { HostedFacts } from "./hosted.ts"
import type { CallId, EventId, InputId, ItemId, OpId, TurnId } from "./ids.ts"

/** The seven states of a tool call. The last three are final; exactly one of them is reached. */
export const CALL_STATES = [
  "validating",
  "scheduled",
  "awaiting_approval",
  "executing",
  "success",
  "error",
  "cancelled",
] as const
export type CallState = (typeof CALL_STATES)[number]

/** One thing in a turn, folded from durable events. The transcript is a list of these, in order. */
export type Item =
  | UserMessage
  | ContextItem
  | AgentMessage
  | Reasoning
  | HostedCall
  | ToolCall
  | ShellLine
  | Compaction
  | Notice

export interface UserMessage {
  readonly kind: "user_message"
  readonly turnId: TurnId
  readonly inputId: InputId
  readonly input: readonly InputPart[]
  /** True when it arrived while the turn was running. */
  readonly isSteer: boolean
}

/** Text that skein placed in the conversation: instructions of a folder just touched, a changed date. */
export interface ContextItem {
  readonly kind: "context"
  readonly sections: readonly Section[]
}

interface ModelItem {
  readonly turnId: TurnId
  readonly step: number
  readonly itemId: ItemId
  readonly index: number
  readonly text: string
  /** `discarded`: the attempt counts for nothing; the model does not see it. */
  readonly status: "complete" | "interrupted" | "discarded"
  readonly providerData?: ProviderData | undefined
}
export interface AgentMessage extends ModelItem {
  readonly kind: "agent_message"
}
export interface Reasoning extends ModelItem {
  readonly kind: "reasoning"
}

/** A search that the model's provider did for it, or a page that it opened there. */
export interface HostedCall extends HostedFacts {
  readonly kind: "hosted_call"
  readonly turnId: TurnId
  readonly step: number
  readonly itemId: ItemId
  readonly index: number
  readonly providerData?: ProviderData | undefined
  /** The attempt counts for nothing; the model does not see it. */
  readonly isDiscarded: boolean
}

export interface ToolCall {
  readonly kind: "tool_call"
  readonly turnId: TurnId
  readonly step: number
  readonly callId: CallId
  /** The call that made this one: the model did not ask for it, and is not told of it. */
  readonly parentCallId?: CallId | undefined
  readonly index: number
  readonly name: string
  readonly title: string
  readonly toolKind: ToolKind
  readonly locations: readonly string[]
  readonly input?: unknown
  readonly inputText?: string | undefined
  readonly defect?: { readonly code: string; readonly message: string } | undefined
  readonly providerCallId?: string | undefined
  readonly providerData?: ProviderData | undefined
  readonly state: CallState
  readonly result?: CallResult | undefined
}

export interface CallResult {
  readonly code?: string | undefined
  readonly forModel: readonly ContentBlock[]
  readonly forHuman?: HumanView | undefined
  readonly changes?: readonly FileChange[] | undefined
  readonly bytes?: number | undefined
  readonly exitCode?: number | undefined
  /** Full outputs kept beside the log. */
  readonly artifacts?: EventOf<"call.settled">["artifacts"]
  /** Where the output came from, and whether it may be followed without asking. */
  readonly provenance?: EventOf<"call.settled">["provenance"]
  /** Hosts that it reached or tried to reach. */
  readonly network?: EventOf<"call.settled">["network"]
  /** How its process was held; absent when it had none. */
  readonly confinement?: string | undefined
  readonly durationMs: number
  /** The model sees a note in its place. */
  readonly isElided: boolean
}

/** A command that a person ran themselves, over. The model reads of it, unless it is private. */
export interface ShellLine {
  readonly kind: "shell"
  readonly callId: CallId
  readonly command: string
  readonly isPrivate: boolean
  readonly state: "success" | "error" | "cancelled"
  readonly result: CallResult
}

export interface Compaction {
  readonly kind: "compaction"
  /** Of the event that said so: who follows the session knows it by the same. */
  readonly eventId?: EventId | undefined
  /** Of the op that asked for it; absent where it came by itself, or was asked for without one. */
  readonly opId?: OpId | undefined
  readonly imagesElided: boolean
  readonly summary?: string | undefined
  readonly tokensBefore: number
  readonly tokensAfter: number
}

export interface Notice {
  readonly kind: "notice"
  /** Of the event that said so: who follows the session knows it by the same. */
  readonly eventId?: EventId | undefined
  readonly level: "info" | "warning" | "error"
  readonly text: string
}
