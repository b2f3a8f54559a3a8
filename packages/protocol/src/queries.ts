import type { InputPart, Usage } from "./content.ts"
import type { EventOf } from "./events/index.ts"
import type { Todo, Visibility } from "./events/session.ts"
import type { Section } from "./events/turn.ts"
import type { InputId, SessionId, TurnId } from "./ids.ts"
import type { Item } from "./items.ts"
import type { Op, RewindScope, RewindTarget } from "./ops.ts"
import type { Settings } from "./settings.ts"

/** What can be asked without changing anything. A closed union: `Answer<Q>` follows from the query's type. */
export type Query =
  | ({ readonly type: "sessions.list" } & SessionFilter)
  | {
      readonly type: "sessions.search"
      readonly text: string
      readonly cwd?: string | undefined
      readonly limit?: number | undefined
    }
  | { readonly type: "session.read"; readonly sessionId: SessionId }
  | { readonly type: "session.tree"; readonly sessionId: SessionId }
  /** What a rewind would do; nothing is done. */
  | {
      readonly type: "rewind.preview"
      readonly sessionId: SessionId
      readonly to: RewindTarget
      readonly scope: RewindScope
    }
  /** The turns that changed files, newest first: each can be gone back before. */
  | { readonly type: "checkpoints.list"; readonly sessionId: SessionId }
  /** Unified diffs from how the files were at `to` to how they are now, of what skein changed. */
  | { readonly type: "checkpoint.diff"; readonly sessionId: SessionId; readonly to: RewindTarget }
  /** What a compaction would keep and let go; nothing is done, and no model is asked. */
  | { readonly type: "compaction.preview"; readonly sessionId: SessionId }
  /** Prompts of the workspace's sessions, newest first, consecutive repeats once. */
  | { readonly type: "prompts.list"; readonly cwd?: string | undefined; readonly limit?: number | undefined }
  | { readonly type: "usage.report"; readonly sessionId?: SessionId | undefined; readonly sinceMs?: number | undefined }
  | { readonly type: "commands.list" }
  /** What `/name args` asks for. The client carries the reply out, so that a command means the same everywhere. */
  | { readonly type: "command.resolve"; readonly sessionId: SessionId; readonly name: string; readonly args: string }
  | { readonly type: "models.list" }
  | { readonly type: "tools.list" }
  | { readonly type: "context.report"; readonly sessionId: SessionId }

/** Which sessions a list is about. Archived ones, and those made by programs, only when asked for. */
export interface SessionFilter {
  /** Sessions of this folder, whatever it was called when they were made. */
  readonly cwd?: string | undefined
  readonly limit?: number | undefined
  readonly includesArchived?: boolean | undefined
  readonly includesNonInteractive?: boolean | undefined
  readonly label?: string | undefined
}

export const QUERY_TYPES = [
  "sessions.list",
  "sessions.search",
  "session.read",
  "session.tree",
  "rewind.preview",
  "checkpoints.list",
  "checkpoint.diff",
  "compaction.preview",
  "prompts.list",
  "usage.report",
  "commands.list",
  "command.resolve",
  "models.list",
  "tools.list",
  "context.report",
] as const satisfies readonly Query["type"][]

export type QueryAnswer<Q extends Query> = Answers[Q["type"]]

interface Answers {
  "sessions.list": readonly SessionSummary[]
  "sessions.search": readonly SearchHit[]
  "session.read": SessionView
  "session.tree": SessionTree
  "rewind.preview": RewindPreview
  "checkpoints.list": readonly CheckpointSummary[]
  "checkpoint.diff": readonly PathDiff[]
  "compaction.preview": CompactionPreview
  "prompts.list": readonly PromptRecord[]
  "usage.report": UsageReport
  "commands.list": readonly CommandInfo[]
  "command.resolve": CommandReply
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
  readonly labels?: readonly string[] | undefined
  readonly visibility?: Visibility | undefined
  readonly parent?: { readonly sessionId: SessionId; readonly kind: "fork" | "handoff" } | undefined
  /** The program whose log it was made from. */
  readonly importedFrom?: string | undefined
  readonly model?: string | undefined
  readonly turns?: number | undefined
}

/** One session that holds the words searched for, and where. Best first. */
export interface SearchHit {
  readonly session: SessionSummary
  /** The words in their surroundings, bounded; what matched stands between U+E000 and U+E001. */
  readonly snippet: string
  readonly turnId?: TurnId | undefined
  readonly seq: number
}

/** The conversation as a tree of turns. Its root is the empty conversation. */
export interface SessionTree {
  readonly turns: readonly TreeTurn[]
  /** The newest turn of the conversation as it stands; undefined when it is empty. */
  readonly current?: TurnId | undefined
}

export interface TreeTurn {
  readonly turnId: TurnId
  /** The turn it continues; undefined for a first one. */
  readonly parentTurnId?: TurnId | undefined
  /** The last event before it began, and its own last: what to rewind to. */
  readonly beforeSeq: number
  readonly endSeq: number
  readonly at: number
  /** The start of what the person said. */
  readonly preview: string
  readonly label?: string | undefined
  /** Whether it is part of the conversation as it stands. */
  readonly isCurrent: boolean
  readonly filesChanged: number
}

/** What a rewind would take back. */
export interface RewindPreview {
  readonly toSeq: number
  /** Turns that leave the conversation, or come back to it. */
  readonly turns: readonly TurnId[]
  readonly files: readonly FileAction[]
  /** What was not watched and so cannot be put back, in sentences. */
  readonly notCovered: readonly string[]
}

export interface FileAction {
  readonly path: string
  readonly action: "create" | "restore" | "delete" | "none"
  /** Why it would be refused: something else changed it since. */
  readonly conflict?: string | undefined
}

export interface CheckpointSummary {
  /** The turn that one can go back before. */
  readonly turnId: TurnId
  readonly beforeSeq: number
  readonly at: number
  readonly preview: string
  readonly paths: readonly string[]
  readonly notCovered: readonly string[]
}

export interface PathDiff {
  readonly path: string
  /** Unified; a sentence for what is no text. */
  readonly diff: string
}

export interface CompactionPreview {
  readonly tokensBefore: number
  /** Estimated. */
  readonly tokensAfter: number
  readonly contextTokensMax?: number | undefined
  /** The tokens at which it happens by itself; undefined when the model's window is not known. */
  readonly triggerTokens?: number | undefined
  /** In sentences, each with its size. */
  readonly kept: readonly string[]
  readonly dropped: readonly string[]
  /** Inputs of the person that stay word for word, and all of them. */
  readonly inputsKept: number
  readonly inputs: number
}

export interface PromptRecord {
  readonly sessionId: SessionId
  readonly at: number
  readonly text: string
}

/** Tokens, money and time, of one session or of all. Money in micro-USD; absent when no price was known. */
export interface UsageReport {
  readonly total: UsageRow
  readonly sessions: readonly (UsageRow & { readonly sessionId: SessionId; readonly preview: string })[]
  readonly days: readonly (UsageRow & { readonly day: string })[]
  readonly models: readonly (UsageRow & { readonly model: string })[]
  /** With `sessionId`: each turn. */
  readonly turns: readonly (UsageRow & { readonly turnId: TurnId; readonly preview: string })[]
}

export interface UsageRow {
  readonly steps: number
  readonly usage: Usage
  readonly microUsd?: number | undefined
  /** All time that models took to answer. */
  readonly modelMs: number
  /** Median time to the first token. */
  readonly firstTokenMs?: number | undefined
}

export interface CommandInfo {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  /** How its arguments are written; empty when it takes none. */
  readonly usage: string
  readonly whileBusy: boolean
}

/** What a command asks of the client that ran it. */
export type CommandReply =
  /** Submit these, in order; `done` is what to say then. `confirm`, when given, is shown and asked first. */
  | {
      readonly kind: "ops"
      readonly ops: readonly Op[]
      readonly done?: string | undefined
      readonly confirm?: string | undefined
    }
  | { readonly kind: "show"; readonly text: string }
  /** Show a list; the chosen entry's command is run. */
  | { readonly kind: "choose"; readonly title: string; readonly choices: readonly CommandChoice[] }
  /** Go on in another session. */
  | { readonly kind: "open"; readonly sessionId: SessionId }
  | { readonly kind: "usage"; readonly text: string }

export interface CommandChoice {
  readonly label: string
  readonly detail: string
  /** `/name args` without the slash. */
  readonly command: string
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
  readonly goal?: string | undefined
  readonly plan?: string | undefined
  readonly todos?: readonly Todo[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly isArchived?: boolean | undefined
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
  /** The conversation's tokens by what they are: the person's words, answers, thoughts, each tool's results … Largest first. */
  readonly conversation?: readonly { readonly source: string; readonly tokens: number }[] | undefined
  /** What the newest step read from the provider's cache, of all it sent; and why it missed, as far as that is known. */
  readonly cache?:
    | { readonly readTokens: number; readonly inputTokens: number; readonly missCause?: string | undefined }
    | undefined
}
