export type { AgentModel, AgentRow, AgentTable, AgentTablePort } from "./agent-table.ts"
export type { Agent, AgentNamesPort, AgentReport, AgentResult, AgentsPort, Spawned, SpawnRequest } from "./agents.ts"
export type { Artifact } from "./artifact.ts"
export type { ArtifactsPort, ArtifactWriter } from "./artifacts.ts"
export type { AuditEntry, AuditPort, LedgerEntry, LedgerPort } from "./audit.ts"
export type { BrowserAction, BrowserPort, BrowserView } from "./browser.ts"
export type { CapabilityProvider } from "./capabilities.ts"
export type { CataloguePort } from "./catalogue.ts"
export type {
  CheckpointsPort,
  HunkRevert,
  LeftBehind,
  OnConflict,
  Restored,
  RestoreStep,
  Watch,
  Watched,
  WatchScope,
} from "./checkpoints.ts"
export type {
  CodeEdit,
  CodeFinding,
  CodePlace,
  CodePort,
  CodeQuery,
  CodeQuestion,
  CodeRange,
  CodeServer,
  CodeSymbol,
  Diagnostic,
  DiagnosticReport,
} from "./code.ts"
export type { Confinement, ExecPort, ExecRequest, ExecResult, ResourceBounds } from "./exec.ts"
export type { FileBytes, FileEntry, FileStat, FilesPort, NewFile } from "./files.ts"
export type { FinderPort } from "./finder.ts"
export { gitSubmodules } from "./git-index.ts"
export { gitSettings } from "./git-settings.ts"
export {
  type ChangedSettings,
  type Happening,
  HOOK_EVENTS,
  type HookCall,
  type HookDetail,
  type HookEvent,
  type HookInfo,
  type HookList,
  type HookOutcome,
  type HookPoint,
  type HookRun,
  type Hooks,
  type HooksPort,
} from "./hooks.ts"
export type { Layer, LayersPort } from "./layers.ts"
export type { LockTaken, TakeLock } from "./lock.ts"
export type { LogPort, LogReader, LogsPort, ReplayPoint } from "./logs.ts"
export type { McpPort, PassToClient } from "./mcp.ts"
export type { MeterPort } from "./meter.ts"
export type {
  AssistantBlock,
  Continued,
  Message,
  ModelChunk,
  ModelPort,
  ModelRequest,
  ModelsWanted,
  ResultBlock,
  StopReason,
  ToolSpec,
} from "./model.ts"
export type { Egress, EgressPort, GateAnswer, NetworkGate, NetworkTarget } from "./network.ts"
export type { OriginsPort, SettingOrigin } from "./origins.ts"
export type {
  CodeGraph,
  Covered,
  Definition,
  GraphEdge,
  GraphWanted,
  Located,
  MapWanted,
  NameWanted,
  OutlinePort,
  RepositoryMap,
  SourceTree,
} from "./outline.ts"
export type { Place } from "./place.ts"
export type { CallPlan, Effect } from "./plans.ts"
export type { PluginExtension, PluginParts, PluginsPort, PluginValue } from "./plugins.ts"
export type { PolicyPort, PolicyState, Verdict } from "./policy.ts"
export type { ProcessExit, ProcessesPort, ProcessRequest, RunningProcess } from "./processes.ts"
export type { ExpandedPrompt, PromptInfo, PromptsPort } from "./prompts.ts"
export type { Quietly, Supplant, Supplanted } from "./replacing.ts"
export { RUNS_LATER, RUNS_LATER_AT_HOME } from "./runs-later.ts"
export { HOMES, secretStores } from "./secret-stores.ts"
export type {
  CommandEnd,
  ProcessFacts,
  ProcessOutput,
  RunningCommand,
  SessionProcesses,
  StartProcess,
  WaitFor,
} from "./session-processes.ts"
export {
  COMMAND_RISKS,
  type CommandRisk,
  RUNS_ITS_INPUT,
  type ShellContext,
  type ShellPort,
  type ShellReading,
  type SimpleCommand,
} from "./shell.ts"
export type { ShellLinesPort } from "./shell-lines.ts"
export type { OpenedSkill, Skill, SkillsPort } from "./skills.ts"
export type { GatheredSection, SeenFile, SourceContext, SourcesPort } from "./sources.ts"
export type { StyleInfo, StylesPort } from "./styles.ts"
export {
  CallDefect,
  type CallLabel,
  type ClientRequestKind,
  type Looked,
  type ModelQuestion,
  type NestedResult,
  type PlanContext,
  type RunContext,
  type SessionChange,
  type SessionsPort,
  type ToolFacts,
  ToolFailure,
  type ToolOffer,
  type ToolResult,
  type ToolsPort,
  type TurnPermission,
} from "./tools.ts"
export { vendoredFolder, vendoredIn } from "./vendored.ts"
export type {
  DocumentKind,
  DocumentOptions,
  DocumentsPort,
  DocumentText,
  PageFormat,
  SearchAsked,
  SearchFindings,
  SearchResult,
  WebAnswer,
  WebCaller,
  WebPage,
  WebPort,
  WebRequest,
} from "./web.ts"
export type {
  MergeConflict,
  MergedFile,
  MergePlan,
  OnMergeConflict,
  RemovedWorktree,
  Worktree,
  WorktreeDifference,
  WorktreeRequest,
  WorktreesPort,
} from "./worktrees.ts"
export type { ClockPort, RandomPort, TokensPort } from "./world.ts"
