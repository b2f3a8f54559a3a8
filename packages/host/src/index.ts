export {
  compose,
  type Foreign,
  type ForeignSummary,
  type Format,
  type FoundSession,
  type Host,
  type Imported,
  type LossReport,
} from "./compose.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
