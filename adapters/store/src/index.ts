export { type ArtifactsOptions, artifacts } from "./artifacts.ts"
export { type LogsOptions, logs } from "./logs.ts"
