import type { Immutable } from "../events/define.ts"
import { lazy } from "../lazy.ts"
import type { Query, QueryAnswer, QueryType } from "../queries.ts"
import * as z from "../schema.ts"
import { Rule } from "../settings.ts"
import {
  CommandInfoSchema,
  CommandReplySchema,
  HookListSchema,
  PluginInfoSchema,
  SkillInfoSchema,
  SubagentReportSchema,
} from "./brought.ts"
import { CheckpointSummarySchema, PathDiffSchema, RewindPreviewSchema } from "./changes.ts"
import { CacheForecastSchema, CompactionPreviewSchema, ContextReportSchema, UsageReportSchema } from "./context.ts"
import { ModelInfoSchema, TaskInfoSchema, TierInfoSchema } from "./models.ts"
import {
  PromptRecordSchema,
  SearchHitSchema,
  SessionSummarySchema,
  SessionTreeSchema,
  SessionViewSchema,
} from "./session.ts"
import {
  CodeServerSchema,
  CodeSymbolSchema,
  ExplanationSchema,
  FoundPathsSchema,
  McpServerInfoSchema,
  ProcessSaidSchema,
  ToolInfoSchema,
} from "./tools.ts"

/** How the answer to each query looks. The types say more of each field; that both say the same, the compiler holds. */
export const ANSWERS = {
  "sessions.list": lazy(() => z.array(SessionSummarySchema())),
  "sessions.search": lazy(() => z.array(SearchHitSchema())),
  "session.read": SessionViewSchema,
  "session.tree": SessionTreeSchema,
  "rewind.preview": RewindPreviewSchema,
  "checkpoints.list": lazy(() => z.array(CheckpointSummarySchema())),
  "checkpoint.diff": lazy(() => z.array(PathDiffSchema())),
  "compaction.preview": CompactionPreviewSchema,
  "prompts.list": lazy(() => z.array(PromptRecordSchema())),
  "usage.report": UsageReportSchema,
  "commands.list": lazy(() => z.array(CommandInfoSchema())),
  "command.resolve": CommandReplySchema,
  "models.list": lazy(() => z.array(ModelInfoSchema())),
  "tasks.list": lazy(() => z.array(TaskInfoSchema())),
  "tiers.list": lazy(() => z.array(TierInfoSchema())),
  "tools.list": lazy(() => z.array(ToolInfoSchema())),
  "agents.list": lazy(() => z.array(SubagentReportSchema())),
  "skills.list": lazy(() => z.array(SkillInfoSchema())),
  "plugins.list": lazy(() => z.array(PluginInfoSchema())),
  "code.servers": lazy(() => z.array(CodeServerSchema())),
  "code.symbols": lazy(() => z.array(CodeSymbolSchema())),
  "hooks.list": HookListSchema,
  "files.find": FoundPathsSchema,
  "mcp.servers": lazy(() => z.array(McpServerInfoSchema())),
  "context.report": ContextReportSchema,
  "cache.forecast": lazy(() => CacheForecastSchema().optional()),
  "rules.list": lazy(() => z.array(Rule())),
  "process.output": lazy(() => ProcessSaidSchema().optional()),
  "permissions.explain": ExplanationSchema,
} as const satisfies Readonly<Record<QueryType, () => z.ZodType>>

type Said<T extends QueryType> = Immutable<z.infer<ReturnType<(typeof ANSWERS)[T]>>>
type Meant<T extends QueryType> = Immutable<QueryAnswer<Query<T>>>
type IsSame<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
/** The queries whose schema says something else than their type. Names them where it does not compile. */
export type Differing = { [T in QueryType]: IsSame<Said<T>, Meant<T>> extends true ? never : T }[QueryType]

/** The schema of a query's answer, for clients that check what they are told. */
export function answerSchema<T extends QueryType>(type: T): z.ZodType<QueryAnswer<Query<T>>> {
  // The types are the same: `Differing` is empty.
  return ANSWERS[type]() as unknown as z.ZodType<QueryAnswer<Query<T>>>
}
