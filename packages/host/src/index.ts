export {
  HOOK_EVENTS,
  type HookDetail,
  type HookEvent,
  type HookInfo,
  type HookOutcome,
  type HookPoint,
} from "@skein/core/ports"
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
  PersonalPlugins,
  StoreTools,
} from "./compose.ts"
export type { Destination } from "./destinations.ts"
export type { Benchmark, Diagnostics, ResumeReplay } from "./diagnostics.ts"
export { loadFlock } from "./flock.ts"
export { compose, type Host, type PersonalSkills } from "./host.ts"
export { kindsOf } from "./left-out.ts"
export type { LocalModel, LocalModels, Progress } from "./local-models.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { Judged, Permissions, Under } from "./permissions.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
export type { SubagentEnd, SubagentTask } from "./scheduling.ts"
export type { FoundSkills, InstalledSkill, OfferedSkill } from "./skill-installing.ts"
export type { ListedSkill } from "./skills.ts"
export { OrchestrationPlan, type SubagentOptions, spawnParallelSubagents } from "./subagents.ts"
export type { Workbench } from "./workbench.ts"
export { estimatedTokens } from "./world.ts"
