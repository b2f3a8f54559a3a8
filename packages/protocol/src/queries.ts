import type { CacheBreak, CacheChange, CacheFacts, CacheForecast, CacheMiss } from "./cache.ts"
import type { ContextProfile, Effort, Tier } from "./choices.ts"
import type { InputPart, Usage } from "./content.ts"
import type { ToolKind } from "./events/call.ts"
import type { EventOf } from "./events/index.ts"
import type { Todo } from "./events/session.ts"
import type { Section } from "./events/turn.ts"
import type { InputId, SessionId, TurnId } from "./ids.ts"
import type { Item } from "./items.ts"
import type { RewindScope, RewindTarget } from "./ops.ts"
import type { DatedPrice, Price } from "./prices.ts"
import type { CommandInfo, CommandReply } from "./replies.ts"
import type {
  CheckpointSummary,
  CompactionPreview,
  PathDiff,
  PromptRecord,
  RewindPreview,
  SearchHit,
  SessionFilter,
  SessionSummary,
  SessionTree,
  UsageReport,
} from "./sessions.ts"
import type { Rule, Settings } from "./settings.ts"
import type { TaskInfo } from "./tasks.ts"
import type { Topics } from "./topics.ts"
import type { TurnRecord } from "./turns/record.ts"

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
  /** What is known; with `asksServers` also what the servers of the person's own providers say that they have, which takes a moment. */
  | { readonly type: "models.list"; readonly asksServers?: boolean | undefined }
  /** Which model does what besides steps where `model`, `provider/model`, is asked for these. */
  | { readonly type: "tasks.list"; readonly model: string }
  /** Which model each tier is in a session, with its price and what the person's own turns say of it. */
  | { readonly type: "tiers.list"; readonly sessionId: SessionId }
  | { readonly type: "tools.list" }
  /** Files and folders below `root`, absolute, by what was typed of their names; ignore rules are honoured. At most 1,000. */
  | { readonly type: "files.find"; readonly root: string; readonly query: string; readonly limit?: number | undefined }
  | { readonly type: "context.report"; readonly sessionId: SessionId }
  /** What a change would make the provider read anew; nothing is done. Undefined when nothing that is worth a word. */
  | { readonly type: "cache.forecast"; readonly sessionId: SessionId; readonly change: CacheChange }
  /** All rules that hold in a session, strongest scope first. */
  | { readonly type: "rules.list"; readonly sessionId: SessionId }
  /** What would be decided about this call, and why. Nothing is run or asked. */
  | {
      readonly type: "permissions.explain"
      readonly sessionId: SessionId
      readonly tool: string
      readonly input: unknown
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
  "tasks.list",
  "tiers.list",
  "tools.list",
  "files.find",
  "context.report",
  "cache.forecast",
  "rules.list",
  "permissions.explain",
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
  "tasks.list": readonly TaskInfo[]
  "tiers.list": readonly TierInfo[]
  "tools.list": readonly ToolInfo[]
  "files.find": FoundPaths
  "context.report": ContextReport
  "cache.forecast": CacheForecast | undefined
  "rules.list": readonly Rule[]
  "permissions.explain": Explanation
}

/** One decision, taken apart. */
export interface Explanation {
  readonly decision: "allow" | "ask" | "deny"
  /** Sentences for a person, strongest first. */
  readonly reasons: readonly string[]
  /** The rule that decided. */
  readonly rule?: Rule | undefined
  /** Each part of the call by itself: one command of a line, one path, one host. */
  readonly parts: readonly ExplainedPart[]
}

export interface ExplainedPart {
  /** What it is about: a command as the shell will see it, a path, a host. */
  readonly subject: string
  readonly decision: "allow" | "ask" | "deny"
  readonly reason: string
  readonly rule?: Rule | undefined
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
}

/** What is known of a model. Prices are USD per million tokens. Absent numbers are unknown, never guessed. */
/** What a provider's own search can be told. */
export interface HostedSearch {
  /** It can be held to what the provider keeps of the web. */
  readonly isCacheable: boolean
  /** It can be held to some domains. */
  readonly isBoundable: boolean
}

export interface ModelInfo {
  readonly provider: string
  readonly id: string
  readonly name?: string | undefined
  readonly contextTokens?: number | undefined
  readonly outputTokensMax?: number | undefined
  /** Of today. */
  readonly price?: Price | undefined
  /** Of every day, where it changed or will. */
  readonly prices?: readonly DatedPrice[] | undefined
  /** How its provider keeps the beginning of a request; absent where nothing is known of that. */
  readonly cache?: CacheFacts | undefined
  readonly images: boolean
  readonly tools: boolean
  readonly reasoning: boolean
  /** How its provider can search the web for it; absent: it cannot. */
  readonly search?: HostedSearch | undefined
  /** It can be told how much to write. */
  readonly hasVerbosity?: boolean | undefined
  /** Whether a key for its provider was found. */
  readonly isReady: boolean
}

/** A tier as a person may choose it. Nothing is claimed: a figure that is not known is absent. */
export interface TierInfo {
  readonly tier: Tier
  /** `provider/model`; absent where none is known for it, and `blocker` says what to do. */
  readonly model?: string | undefined
  readonly effort?: Effort | undefined
  readonly blocker?: string | undefined
  readonly price?: ModelInfo["price"]
  /** What the person's median turn would cost, in micro-USD. */
  readonly turnMicroUsd?: number | undefined
  /** How long the model took for the median of the person's own turns with it, and how many those are. */
  readonly turnMs?: number | undefined
  readonly turns?: number | undefined
}

/** What fits, best first. */
export interface FoundPaths {
  readonly paths: readonly FoundPath[]
  /** How many there are to choose from, and whether there are more that nobody looked at. */
  readonly lookedAt: number
  readonly isCut: boolean
}

export interface FoundPath {
  /** From the root on; a folder ends in `/`. */
  readonly path: string
  /** Higher is better; comparable within one answer only. */
  readonly score: number
  /** Which UTF-16 units of the path were typed, ascending. */
  readonly positions: readonly number[]
}

export interface ToolInfo {
  readonly name: string
  readonly description: string
  readonly inputSchema: unknown
  readonly kind: ToolKind
  /** All that a request tells of it, beside its name, where the model calls it by `call_tool`. */
  readonly summary?: string | undefined
  /** What its calls do at most: `read`, `write`, `execute`, `network`, `delegate`, `none`; absent: anything. */
  readonly effects?: readonly string[] | undefined
  /** Whether calls of it may run beside each other. */
  readonly isConcurrent: boolean
  /** The longest that one call runs. */
  readonly timeoutMs: number
}

/** What the newest step read from the provider's cache, of all it sent. */
export interface CacheReport {
  readonly readTokens: number
  readonly inputTokens: number
  /** What it could have read and did not. */
  readonly miss?: CacheMiss | undefined
  /** Why it did not begin like the request before it, whether or not a provider's cache was the worse for it. */
  readonly breaks?: readonly CacheBreak[] | undefined
}

/** Exactly which bytes the model sees besides the conversation, and why. */
export interface ContextReport {
  /** What stands before the conversation. */
  readonly sections: readonly Section[]
  /** What was placed in the conversation and is still in view; its tokens are among `messageTokens`. */
  readonly inline: readonly Section[]
  /** Absent: `standard`. */
  readonly profile?: ContextProfile | undefined
  readonly toolTokens: number
  readonly messageTokens: number
  readonly totalTokens: number
  readonly contextTokens?: number | undefined
  /** The conversation's tokens by what they are: the person's words, answers, thoughts, each tool's results … Largest first. */
  readonly conversation?: readonly { readonly source: string; readonly tokens: number }[] | undefined
  readonly cache?: CacheReport | undefined
}
