export { compose, type Host } from "./compose.ts"
export { gitRootOf, locate } from "./locate.ts"
export type { HostRequest, TapeRequest } from "./request.ts"
