export { Audience } from "./app-server/audience.ts"
export type {
  ForeignPart,
  Personal,
  PersonalKeys,
  PersonalPlugins,
  PersonalServers,
  PersonalSettings,
} from "./app-server/personal.ts"
export type {
  ClientFiles,
  ClientServices,
  FileEntry,
  FileFacts,
  ProgramRequest,
  RunningProgram,
} from "./app-server/services.ts"
export {
  type AppConnection,
  type AppServerOptions,
  openAppServer,
  type ServingApp,
  serveAppServer,
} from "./app-server.ts"
export { type CodexConfig, readConfig, readTree } from "./config.ts"
export { type ExecResult, type ExecRun, runExec } from "./exec.ts"
export type { ExecEvent, ExecItem } from "./exec-events.ts"
export type { ServedFiles } from "./exec-server/files.ts"
export { type ExecConnection, type ExecServerOptions, openExecServer } from "./exec-server.ts"
export { ExecText, execHeader } from "./exec-text.ts"
export { isCodexFeature } from "./features.ts"
export { SURFACE, type SurfaceRow } from "./surface.ts"
export { execThreadId, execUsage, isUuid, modeFor, type Policy, sessionIdOf, skeinModel, threadIdOf } from "./words.ts"
