export type { ForeignRules } from "./foreign/claude.ts"
export { type PolicyOptions, policy } from "./judge/judge.ts"
export type { ProjectRule } from "./project/read.ts"
export { type Rulebook, type RulebookOptions, rulebook } from "./rulebook.ts"
