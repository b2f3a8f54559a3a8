export { runHeadlessCommand } from "./command.ts"
export { EXIT, EXIT_MEANINGS, exitCodeOf, exitCodeOfError } from "./exit-codes.ts"
export { type HeadlessResult, type HeadlessRun, runHeadless } from "./run.ts"
