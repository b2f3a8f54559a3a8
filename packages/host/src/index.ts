export type { Compactions, KeptCompaction } from "./compactions.ts"
export type {
  AuditReading,
  AuditRecord,
  Decision,
  EgressReport,
  EgressSum,
  EgressWhich,
  FolderTrust,
  Foreign,
  ForeignSummary,
  Format,
  FoundSession,
  Imported,
  Item,
  LossReport,
  StoreTools,
} from "./compose.ts"
export type { Destination } from "./destinations.ts"
export type { Benchmark, Diagnostics, ResumeReplay } from "./diagnostics.ts"
export { compose, type Host } from "./host.ts"
export type { LocalModel, LocalModels, Progress } from "./local-models.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { Judged, Permissions, Under } from "./permissions.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
export type { SubagentEnd, SubagentTask } from "./scheduling.ts"
export { OrchestrationPlan, type SubagentOptions, spawnParallelSubagents } from "./subagents.ts"
export type { Workbench } from "./workbench.ts"
