export { askedTitle, askerText } from "./asker.ts"
export {
  breakText,
  CacheBreak,
  CacheChange,
  type CacheFacts,
  type CacheForecast,
  CacheMiss,
  MISS_CAUSES,
  type MissCause,
  PrefixPrint,
} from "./cache.ts"
export {
  CONTEXT_PROFILES,
  type ContextProfile,
  EFFORT_MEANINGS,
  EFFORTS,
  type Effort,
  MODE_MEANINGS,
  MODES,
  type Mode,
  NETWORKS,
  OPTIMIZES,
  type Optimize,
  ROUTINGS,
  type Routing,
  SANDBOXES,
  type Sandbox,
  SEARCH_SIZES,
  TIERS,
  type Tier,
  VERBOSITIES,
  VERBOSITY_MEANINGS,
  type Verbosity,
  WEB_SEARCH_MEANINGS,
  WEB_SEARCHES,
} from "./choices.ts"
export { FileRequest, FileTextAnswer, FileWriteAnswer } from "./client-files.ts"
export { TerminalAnswer, TerminalRequest } from "./client-terminals.ts"
export type { CodeRange, CodeServer, CodeSymbol } from "./code.ts"
export {
  type AskedCommand,
  type CommandLine,
  type CommandOutcome,
  commandAsked,
  commandLine,
  knownCommandLine,
  runCommand,
  type TurnOp,
  turnOfCommand,
} from "./commands.ts"
export { type ContentBlock, FileChange, HumanView, InputPart, ProviderData, Usage } from "./content.ts"
export type { CacheReport, ContextReport } from "./context-report.ts"
export { editDistance, nearestName } from "./distance.ts"
export { accepted, type Engine, type Subscription } from "./engine.ts"
export { ERROR_CODES, type ErrorCode, type ErrorFacts, SkeinError } from "./errors.ts"
export {
  ANSWERS,
  type Answer,
  type NetworkAttempt,
  type PlannedAction,
  TOOL_KINDS,
  type ToolKind,
} from "./events/call.ts"
export { type Durability, type Envelope, EVENT_VERSION, type Immutable, type LiveEnvelope } from "./events/define.ts"
export { EventSchema } from "./events/envelope.ts"
export { FileVersion, type PathChange } from "./events/files.ts"
export { type HookAnswer, type HookRunRecord, hookAnswerOf } from "./events/hook.ts"
export {
  DURABLE_EVENTS,
  type DurableDraft,
  type DurableEvent,
  type Event,
  type EventOf,
  type EventType,
  isDurable,
  LIVE_EVENTS,
  type LiveDraft,
  type LiveEvent,
} from "./events/index.ts"
export { PROCESS_SIGNALS, type ProcessSignalName } from "./events/process.ts"
export {
  PARENTHOODS,
  type PlanStep,
  type Todo,
  VISIBILITIES,
  type Visibility,
  type Workspace,
} from "./events/session.ts"
export type { Revision, Section, TurnOutcome } from "./events/turn.ts"
export type { ExplainedPart, Explanation } from "./explanation.ts"
export type { HookInfo, HookList } from "./hook-list.ts"
export { hostPattern } from "./host-pattern.ts"
export { type HostedAction, type HostedFacts, hostedNow, hostedTitle, hostedWords } from "./hosted.ts"
export { idSchema } from "./id-schema.ts"
export {
  type ApprovalId,
  type CallId,
  type ClientId,
  type EventId,
  ID_PREFIXES,
  type Id,
  type IdPrefix,
  type InputId,
  type ItemId,
  isId,
  type OpId,
  type ProcessId,
  type RequestId,
  type RuleId,
  type SessionId,
  type TurnId,
} from "./ids.ts"
export { IMAGE_BYTES_MAX, imageType } from "./images.ts"
export type {
  FoundPath,
  FoundPaths,
  HostedSearch,
  ModelInfo,
  SkillInfo,
  TierInfo,
  ToolInfo,
  ToolNeed,
} from "./infos.ts"
export {
  type AgentMessage,
  CALL_STATES,
  type CallResult,
  type CallState,
  type Compaction,
  type ContextItem,
  type HostedCall,
  type Item,
  type Notice,
  type Reasoning,
  type ShellLine,
  type ToolCall,
  type UserMessage,
} from "./items.ts"
export { lazy } from "./lazy.ts"
export { longText } from "./long-text.ts"
export {
  MCP_ACTIONS,
  type McpAction,
  McpClientMessage,
  type McpServerInfo,
  McpServerSpec,
  type McpServerState,
  type McpToolInfo,
  type McpTransport,
} from "./mcp.ts"
export { nameMatches } from "./name-matches.ts"
export {
  CLOSINGS,
  type Closing,
  OP_TYPES,
  type Op,
  OpSchema,
  type OpType,
  opSchema,
  REWIND_SCOPES,
  type RewindScope,
  RewindTarget,
} from "./ops.ts"
export { isWithin } from "./paths.ts"
export { PLUGIN_PART_KINDS, type PluginInfo, type PluginPartKind } from "./plugins.ts"
export { type DatedPrice, type Price, priceOfUsage, priceOn, type Rates, ratesFor } from "./prices.ts"
export type { ProcessSaid } from "./process-said.ts"
export { processEnding, processNews } from "./process-words.ts"
export { QUERY_TYPES, type Query, type QueryAnswer, QuerySchema, type QueryType, querySchema } from "./queries.ts"
export { Receipt } from "./receipt.ts"
export type { CommandChoice, CommandInfo, CommandOrigin, CommandReply } from "./replies.ts"
export { ruleSubject, ruleText } from "./rule-text.ts"
export type { QueuedInput, SessionView, TurnShown } from "./session-view.ts"
export type {
  CheckpointSummary,
  CompactionPreview,
  FileAction,
  MissRow,
  PathDiff,
  PromptRecord,
  RewindPreview,
  SearchHit,
  SessionFilter,
  SessionSummary,
  SessionTree,
  TreeTurn,
  TypicalTurn,
  TypicalTurns,
  UsageReport,
  UsageRow,
} from "./sessions.ts"
export {
  type Instructions,
  type Limits,
  type Network,
  RULE_SCOPES,
  Rule,
  type RulePattern,
  type RuleScope,
  type SearchLocation,
  Settings,
  SettingsChange,
  type WebSearch,
} from "./settings.ts"
export { withChanges } from "./settings-after.ts"
export type { SubagentReport } from "./subagents.ts"
export { TASK_MEANINGS, TASKS, type Task, type TaskChoice, type TaskInfo } from "./tasks.ts"
export { TurnTerms } from "./terms.ts"
export { TOPICS, type Topic, type Topics } from "./topics.ts"
export { unlessAborted } from "./unless-aborted.ts"
export { addUsage, NO_USAGE } from "./usage.ts"
export { jsonLine, jsonPage, shown, visible } from "./visible.ts"
