export { isCheck } from "./is-check.ts"
export { type LinePart, partsOf } from "./line.ts"
export { countLines, type TurnCheck, type TurnRecord, turnAfter, turnBegun, verdictOf } from "./record.ts"
