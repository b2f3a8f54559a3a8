export { type Evidence, evidenceLines, evidenceOf, namedChecks } from "./evidence.ts"
export { countLines, type TurnCheck, type TurnRecord, turnAfter, turnBegun, verdictOf } from "./record.ts"
