export { countLines, type TurnCheck, type TurnRecord, turnAfter, turnBegun, verdictOf } from "./record.ts"
