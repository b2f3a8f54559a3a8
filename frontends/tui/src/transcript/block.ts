import type {
  CallId,
  CallState,
  FileChange,
  HumanView,
  InputPart,
  NetworkAttempt,
  ToolKind,
  TurnOutcome,
} from "@skein/protocol"
import type { TurnCheck } from "@skein/protocol/turns"

/**
 * One thing of the transcript as it is drawn. A block that is final never changes again: inline it leaves for the terminal's
 * scrollback, in full screen its lines are kept by (id, columns).
 */
export type Block =
  | PromptBlock
  | AnswerBlock
  | ReasoningBlock
  | CallBlock
  | NoticeBlock
  | CompactionBlock
  | TurnEndBlock
  | ShownBlock

interface Common {
  /** Its own for as long as the session is open. */
  readonly id: string
  readonly isFinal: boolean
}

/** An image as the model was given it. */
export type ImagePart = Extract<InputPart, { readonly type: "image" }>

/** What the person said; `isSteer`: while a turn ran, which it joined. */
export interface PromptBlock extends Common {
  readonly kind: "prompt"
  readonly text: string
  readonly images: readonly ImagePart[]
  readonly isSteer: boolean
}

/** What the model says, in Markdown. */
export interface AnswerBlock extends Common {
  readonly kind: "answer"
  readonly text: string
  /** `discarded`: the attempt counts for nothing. */
  readonly status: "streaming" | "complete" | "interrupted" | "discarded"
}

/** What the model thought. */
export interface ReasoningBlock extends Common {
  readonly kind: "reasoning"
  readonly text: string
  /** Absent while it goes on. */
  readonly durationMs?: number | undefined
}

/** One tool call: one line with its result, and what there is below it. */
export interface CallBlock extends Common {
  readonly kind: "call"
  readonly callId: CallId
  readonly name: string
  /** What it is about: a path, a command. */
  readonly title: string
  readonly toolKind: ToolKind
  readonly state: CallState
  /** When it began to run, on the look's scale. */
  readonly startedAt?: number | undefined
  readonly durationMs?: number | undefined
  /** Output so far, or all of it. */
  readonly bytes?: number | undefined
  /** Its newest lines while it runs. */
  readonly preview?: string | undefined
  readonly exitCode?: number | undefined
  readonly view?: HumanView | undefined
  readonly images?: readonly ImagePart[] | undefined
  readonly changes?: readonly FileChange[] | undefined
  readonly network?: readonly NetworkAttempt[] | undefined
  /** Why it did not do what was asked; for a person. */
  readonly failure?: { readonly code: string; readonly text: string; readonly isRefusal: boolean } | undefined
  /** `bubblewrap+landlock+seccomp`, `none`. */
  readonly confinement?: string | undefined
  readonly isUntrusted: boolean
  /** A command of the person's own: what it says is what they want to see. */
  readonly isPersons?: boolean | undefined
}

/** A line of skein's own. */
export interface NoticeBlock extends Common {
  readonly kind: "notice"
  readonly level: "info" | "warning" | "error"
  readonly text: string
}

/** Older context gave way to a summary. */
export interface CompactionBlock extends Common {
  readonly kind: "compaction"
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly summary?: string | undefined
}

/** A turn's end, with what it can show for itself. */
export interface TurnEndBlock extends Common {
  readonly kind: "end"
  readonly outcome: TurnOutcome
  readonly durationMs: number
  readonly steps: number
  /** What the model wrote. */
  readonly outputTokens: number
  readonly microUsd?: number | undefined
  /** Sums over the turn. */
  readonly changed: {
    readonly files: number
    /** Undefined when the lines are not all known. */
    readonly lines?: { readonly added: number; readonly removed: number } | undefined
  }
  /** Tests, builds and the like of the turn, newest last. */
  readonly checks: readonly TurnCheck[]
}

/** Text that a command of the person gave, as it is. */
export interface ShownBlock extends Common {
  readonly kind: "shown"
  readonly title: string
  readonly text: string
}
