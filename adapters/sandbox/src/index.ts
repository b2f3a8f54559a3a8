export { cleanEnvironment, type EnvironmentFacts } from "./environment.ts"
export type { Finding } from "./examine.ts"
export { type Attached, type AttachRequest, type ClosableExec, type ExecOptions, exec } from "./exec.ts"
export { type SeatbeltFacts, seatbeltProfile } from "./seatbelt.ts"
