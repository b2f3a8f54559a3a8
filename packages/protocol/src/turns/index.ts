export { isCheck } from "./is-check.ts"
export { countLines, type TurnCheck, type TurnRecord, turnAfter, turnBegun, verdictOf } from "./record.ts"
