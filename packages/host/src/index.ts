export { compose, type Host } from "./compose.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { LogFile, LogLevel } from "./log-file.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
