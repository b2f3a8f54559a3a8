export type { Compactions, KeptCompaction } from "./compactions.ts"
export {
  type AuditReading,
  type AuditRecord,
  compose,
  type Decision,
  type EgressReport,
  type EgressSum,
  type EgressWhich,
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
export type { Destination } from "./destinations.ts"
export type { Benchmark, Diagnostics, ResumeReplay } from "./diagnostics.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { Judged, Permissions, Under } from "./permissions.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
export type { Workbench } from "./workbench.ts"
