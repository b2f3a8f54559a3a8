export { inParallel, type Schedule } from "./parallel.ts"
export type { Assignment, Begin, Settled } from "./settled.ts"
export { inStages } from "./staged.ts"
