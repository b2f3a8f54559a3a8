import type { CacheBreak, CacheChange, CacheForecast, CacheMiss } from "./cache.ts"
import type { ContextProfile } from "./choices.ts"
import type { CodeServer, CodeSymbol } from "./code.ts"
import type { InputPart, Usage } from "./content.ts"
import type { EventOf } from "./events/index.ts"
import type { PlanStep, Todo } from "./events/session.ts"
import type { Revision, Section } from "./events/turn.ts"
import type { HookList } from "./hook-list.ts"
import type { InputId, ProcessId, SessionId, TurnId } from "./ids.ts"
import type { FoundPaths, ModelInfo, SkillInfo, TierInfo, ToolInfo } from "./infos.ts"
import type { Item } from "./items.ts"
import type { McpServerInfo } from "./mcp.ts"
import type { RewindScope, RewindTarget } from "./ops.ts"
import type { PluginInfo } from "./plugins.ts"
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
import type { SubagentReport } from "./subagents.ts"
import type { TaskInfo } from "./tasks.ts"
import type { TurnTerms } from "./terms.ts"
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
  /** skein's own commands, and with a session the prompts that can be begun by name in its folder. */
  | { readonly type: "commands.list"; readonly sessionId?: SessionId | undefined }
  /** What `/name args` asks for. The client carries the reply out, so that a command means the same everywhere. */
  | { readonly type: "command.resolve"; readonly sessionId: SessionId; readonly name: string; readonly args: string }
  /** What is known; with `asksServers` also what the servers of the person's own providers say that they have, which takes a moment. */
  | { readonly type: "models.list"; readonly asksServers?: boolean | undefined }
  /** Which model does what besides steps where `model`, `provider/model`, is asked for these. */
  | { readonly type: "tasks.list"; readonly model: string }
  /** Which model each tier is in a session, with its price and what the person's own turns say of it. */
  | { readonly type: "tiers.list"; readonly sessionId: SessionId }
  /** The built-in tools; with a session also those that its folder and its client bring, with `cwd` those of a folder. */
  | { readonly type: "tools.list"; readonly sessionId?: SessionId | undefined; readonly cwd?: string | undefined }
  /** The children of a session, oldest first, with what they do now. */
  | { readonly type: "agents.list"; readonly sessionId: SessionId }
  /** The skills that a session may use, or one that would begin in a folder: those that only a person begins among them. */
  | { readonly type: "skills.list"; readonly of: { readonly sessionId: SessionId } | { readonly cwd: string } }
  /** The plugins that are enabled where a session works. */
  | { readonly type: "plugins.list"; readonly sessionId: SessionId }
  /** The language servers and linters of a session's folder: those that run, and those that its files would have. */
  | { readonly type: "code.servers"; readonly sessionId: SessionId }
  /**
   * The symbols of one file, as a path from the session's folder, or those of the workspace whose name holds `name`. Starts the
   * server where it does not run. Throws SkeinError `op.unsupported`, saying what to do, when there is none.
   */
  | {
      readonly type: "code.symbols"
      readonly sessionId: SessionId
      readonly of: { readonly path: string } | { readonly name: string }
    }
  /** The hooks of a session's folder, or of one without a session, whether each is run or why not. Runs nothing. */
  | { readonly type: "hooks.list"; readonly of: { readonly sessionId: SessionId } | { readonly cwd: string } }
  /** Files and folders below `root`, absolute, by what was typed of their names; ignore rules are honoured. At most 1,000. */
  | { readonly type: "files.find"; readonly root: string; readonly query: string; readonly limit?: number | undefined }
  /** The MCP servers of a session's place, by their names; none is started to tell. */
  | { readonly type: "mcp.servers"; readonly sessionId: SessionId }
  | { readonly type: "context.report"; readonly sessionId: SessionId }
  /** What a change would make the provider read anew; nothing is done. Undefined when nothing that is worth a word. */
  | { readonly type: "cache.forecast"; readonly sessionId: SessionId; readonly change: CacheChange }
  /** All rules that hold in a session, strongest scope first. */
  | { readonly type: "rules.list"; readonly sessionId: SessionId }
  /** What a process of an open session has said, from place `from` of it on, as far as memory keeps it. Undefined when there is none such. */
  | {
      readonly type: "process.output"
      readonly sessionId: SessionId
      readonly processId: ProcessId
      readonly from?: number | undefined
    }
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
  "agents.list",
  "skills.list",
  "plugins.list",
  "code.servers",
  "code.symbols",
  "hooks.list",
  "files.find",
  "mcp.servers",
  "context.report",
  "cache.forecast",
  "rules.list",
  "process.output",
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
  "agents.list": readonly SubagentReport[]
  "skills.list": readonly SkillInfo[]
  "plugins.list": readonly PluginInfo[]
  "code.servers": readonly CodeServer[]
  "code.symbols": readonly CodeSymbol[]
  "hooks.list": HookList
  "files.find": FoundPaths
  "mcp.servers": readonly McpServerInfo[]
  "context.report": ContextReport
  "cache.forecast": CacheForecast | undefined
  "rules.list": readonly Rule[]
  "process.output": ProcessSaid | undefined
  "permissions.explain": Explanation
}

/** Bytes of a process's output. */
export interface ProcessSaid {
  readonly base64: string
  /** The place of the first of them in the whole output. */
  readonly from: number
  readonly isRunning: boolean
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
  /** What of its repository its newest turn began on. */
  readonly git?: Revision | undefined
  /** The plan as a tree. */
  readonly planSteps?: readonly PlanStep[] | undefined
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
  /** See `input.queued`. */
  readonly terms?: TurnTerms | undefined
  /** See `input.queued`. */
  readonly taint?: readonly string[] | undefined
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
  /** What of those is told of each MCP server; estimated. */
  readonly servers?: readonly { readonly name: string; readonly tokens: number }[] | undefined
  readonly messageTokens: number
  readonly totalTokens: number
  readonly contextTokens?: number | undefined
  /** The conversation's tokens by what they are: the person's words, answers, thoughts, each tool's results … Largest first. */
  readonly conversation?: readonly { readonly source: string; readonly tokens: number }[] | undefined
  readonly cache?: CacheReport | undefined
}
