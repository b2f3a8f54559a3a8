export type { FoundServer, TrustedAs } from "./config/found.ts"
export { type Configured, type ConfiguredOptions, configured } from "./config/read.ts"
export { keptServer } from "./connection/kept-server.ts"
export type {
  AskedByServer,
  CallOptions,
  ElicitAnswer,
  ElicitRequest,
  KeptServer,
  KeptStatus,
  LiveServer,
  SamplingRequest,
  ServerChange,
  ServerContent,
  ServerFacts,
  ServerPrompt,
  ServerResource,
  ServerResult,
  ServerTool,
  ServerUser,
} from "./connection/live-server.ts"
export type { KeepServer, KeptOptions } from "./connection/options.ts"
export { type HereOptions, type McpHere, mcpHere } from "./here.ts"
export { type Mcp, mcp } from "./mcp.ts"
export type { LoginPlaces, LoginWorld } from "./oauth/world.ts"
export type { McpLogins } from "./provider/logins.ts"
export type { McpOptions } from "./provider/options.ts"
