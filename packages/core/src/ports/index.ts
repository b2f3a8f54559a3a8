export type { Agent, AgentReport, AgentResult, AgentsPort, Spawned, SpawnRequest } from "./agents.ts"
export type { ArtifactsPort, ArtifactWriter } from "./artifacts.ts"
export type { AuditEntry, AuditPort, LedgerEntry, LedgerPort } from "./audit.ts"
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
export type { FileBytes, FileEntry, FileStat, FilesPort } from "./files.ts"
export type { FinderPort } from "./finder.ts"
export { gitSubmodules } from "./git-index.ts"
export { gitSettings } from "./git-settings.ts"
export type { Layer, LayersPort } from "./layers.ts"
export type { LockTaken, TakeLock } from "./lock.ts"
export type { LogPort, LogReader, LogsPort, ReplayPoint } from "./logs.ts"
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
export type { PolicyPort, PolicyState, Verdict } from "./policy.ts"
export type { ProcessExit, ProcessesPort, ProcessRequest, RunningProcess } from "./processes.ts"
export type { Quietly, Supplant, Supplanted } from "./replacing.ts"
export { RUNS_LATER, RUNS_LATER_AT_HOME } from "./runs-later.ts"
export { HOMES, secretStores } from "./secret-stores.ts"
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
export type { GatheredSection, SeenFile, SourceContext, SourcesPort } from "./sources.ts"
export {
  type Artifact,
  CallDefect,
  type CallLabel,
  type CallPlan,
  type ClientRequestKind,
  type Effect,
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
} from "./tools.ts"
export { vendoredFolder, vendoredIn } from "./vendored.ts"
export type { ClockPort, RandomPort, TokensPort } from "./world.ts"
