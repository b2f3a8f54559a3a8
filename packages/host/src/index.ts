export type { Compactions, KeptCompaction } from "./compactions.ts"
export {
  type AuditReading,
  type AuditRecord,
  compose,
  type Decision,
  type FolderTrust,
  type Foreign,
  type ForeignSummary,
  type Format,
  type FoundSession,
  type Host,
  type Imported,
  type Item,
  type LossReport,
  type StoreTools,
} from "./compose.ts"
export type { Benchmark, Diagnostics, ResumeReplay } from "./diagnostics.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
export type { Workbench } from "./workbench.ts"
