export { compose, type Host } from "./compose.ts"
export { gitRootOf, locate } from "./locate.ts"
export { LOG_LEVELS, type LogFile, type LogLevel, logFile } from "./log-file.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
