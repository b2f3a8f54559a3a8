export type { Fetch } from "./library/answered.ts"
export type { Library, ListedModel, LocalModelFile } from "./library/library.ts"
export { addressOf, type Pull, pull } from "./library/pull.ts"
export { installRuntime } from "./runtime/install.ts"
export {
  foundRuntime,
  type RuntimePackage,
  type RuntimePlaces,
  runtimeFolder,
  runtimePackage,
} from "./runtime/runtime.ts"
export { type LocalServer, type LocalServerOptions, localServer } from "./server.ts"
