export type { RefusedFile } from "./files/collect.ts"
export { type ReportedSection, type Sources, type SourcesOptions, type SourcesReport, sources } from "./sources.ts"
