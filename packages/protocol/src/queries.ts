import { CacheChange, type CacheForecast } from "./cache.ts"
import type { CodeServer, CodeSymbol } from "./code.ts"
import type { ContextReport } from "./context-report.ts"
import type { Immutable } from "./events/define.ts"
import type { Explanation } from "./explanation.ts"
import type { HookList } from "./hook-list.ts"
import { idSchema } from "./id-schema.ts"
import type { FoundPaths, ModelInfo, SkillInfo, TierInfo, ToolInfo } from "./infos.ts"
import { lazy, lazyBy } from "./lazy.ts"
import type { McpServerInfo } from "./mcp.ts"
import { REWIND_SCOPES, RewindTarget } from "./ops.ts"
import type { PluginInfo } from "./plugins.ts"
import type { ProcessSaid } from "./process-said.ts"
import type { CommandInfo, CommandReply } from "./replies.ts"
import * as z from "./schema.ts"
import type { SessionView } from "./session-view.ts"
import {
  type CheckpointSummary,
  type CompactionPreview,
  type PathDiff,
  type PromptRecord,
  type RewindPreview,
  type SearchHit,
  SessionFilter,
  type SessionSummary,
  type SessionTree,
  type UsageReport,
} from "./sessions.ts"
import type { Rule } from "./settings.ts"
import type { SubagentReport } from "./subagents.ts"
import type { TaskInfo } from "./tasks.ts"

const ofSession = () => ({ sessionId: idSchema("ses") })
/** A session, or a folder in which one would begin. */
const place = () => z.union([z.object(ofSession()), z.object({ cwd: z.string() })])
const atMost = () => z.int().min(1).optional()

/** What can be asked without changing anything: a closed list, of which each query's answer follows from its type. */
const QUERY_FIELDS = {
  "sessions.list": () => SessionFilter().shape,
  "sessions.search": () => ({ text: z.string(), cwd: z.string().optional(), limit: atMost() }),
  "session.read": ofSession,
  "session.tree": ofSession,
  /** What a rewind would do; nothing is done. */
  "rewind.preview": () => ({ ...ofSession(), to: RewindTarget(), scope: z.enum(REWIND_SCOPES) }),
  /** The turns that changed files, newest first: each can be gone back before. */
  "checkpoints.list": ofSession,
  /** Unified diffs from how the files were at `to` to how they are now, of what skein changed. */
  "checkpoint.diff": () => ({ ...ofSession(), to: RewindTarget() }),
  /** What a compaction would keep and let go; nothing is done, and no model is asked. */
  "compaction.preview": ofSession,
  /** Prompts of the workspace's sessions, newest first, consecutive repeats once. */
  "prompts.list": () => ({ cwd: z.string().optional(), limit: atMost() }),
  "usage.report": () => ({ sessionId: idSchema("ses").optional(), sinceMs: z.number().optional() }),
  /** skein's own commands, and with a session the prompts that can be begun by name in its folder. */
  "commands.list": () => ({ sessionId: idSchema("ses").optional() }),
  /** What `/name args` asks for. The client carries the reply out, so that a command means the same everywhere. */
  "command.resolve": () => ({ ...ofSession(), name: z.string(), args: z.string() }),
  /** What is known; with `asksServers` also what the servers of the person's own providers say that they have, which takes a moment. */
  "models.list": () => ({ asksServers: z.boolean().optional() }),
  /** Which model does what besides steps where `model`, `provider/model`, is asked for these. */
  "tasks.list": () => ({ model: z.string() }),
  /** Which model each tier is in a session, with its price and what the person's own turns say of it. */
  "tiers.list": ofSession,
  /** The built-in tools; with a session also those that its folder and its client bring, with `cwd` those of a folder. */
  "tools.list": () => ({ sessionId: idSchema("ses").optional(), cwd: z.string().optional() }),
  /** The children of a session, oldest first, with what they do now. */
  "agents.list": ofSession,
  /** The skills that a session may use, or one that would begin in a folder: those that only a person begins among them. */
  "skills.list": () => ({ of: place() }),
  /** The plugins that are enabled where a session works. */
  "plugins.list": ofSession,
  /** The language servers and linters of a session's folder: those that run, and those that its files would have. */
  "code.servers": ofSession,
  /**
   * The symbols of one file, as a path from the session's folder, or those of the workspace whose name holds `name`. Starts the
   * server where it does not run. Throws SkeinError `op.unsupported`, saying what to do, when there is none.
   */
  "code.symbols": () => ({
    ...ofSession(),
    of: z.union([z.object({ path: z.string() }), z.object({ name: z.string() })]),
  }),
  /** The hooks of a session's folder, or of one without a session, whether each is run or why not. Runs nothing. */
  "hooks.list": () => ({ of: place() }),
  /** Files and folders below `root`, absolute, by what was typed of their names; ignore rules are honoured. At most 1,000. */
  "files.find": () => ({ root: z.string(), query: z.string(), limit: atMost() }),
  /** The MCP servers of a session's place, by their names; none is started to tell. */
  "mcp.servers": ofSession,
  "context.report": ofSession,
  /** What a change would make the provider read anew; nothing is done. Undefined when nothing that is worth a word. */
  "cache.forecast": () => ({ ...ofSession(), change: CacheChange() }),
  /** All rules that hold in a session, strongest scope first. */
  "rules.list": ofSession,
  /** What a process of an open session has said, from place `from` of it on, as far as memory keeps it. Undefined when there is none such. */
  "process.output": () => ({ ...ofSession(), processId: idSchema("prc"), from: z.int().min(0).optional() }),
  /** What would be decided about this call, and why. Nothing is run or asked. */
  "permissions.explain": () => ({ ...ofSession(), tool: z.string(), input: z.unknown() }),
} as const

export type QueryType = keyof typeof QUERY_FIELDS
export const QUERY_TYPES = Object.keys(QUERY_FIELDS) as QueryType[]

type QueryFields<T extends QueryType> = Immutable<z.infer<z.ZodObject<ReturnType<(typeof QUERY_FIELDS)[T]>>>>
export type Query<T extends QueryType = QueryType> = T extends QueryType ? { readonly type: T } & QueryFields<T> : never

/** The schema of one query, for edges that take queries from outside. */
export const querySchema = lazyBy(
  (type: QueryType): z.ZodObject => z.object({ type: z.literal(type), ...QUERY_FIELDS[type]() }),
)

/** Checks a value from outside. Throws a ZodError that names the field. */
export const QuerySchema = lazy(() => z.eitherOf<Query>("type", QUERY_TYPES.map(querySchema)))

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
