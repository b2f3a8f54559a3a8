export { type SourcesOptions, sources } from "./sources.ts"
