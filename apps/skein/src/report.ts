import { redacted, secretValues } from "@skein/documents"
import { EXIT, exitCodeOfError } from "@skein/headless"
import { SkeinError } from "@skein/protocol"
import type { Io } from "./io.ts"
import { Blocked, UsageError } from "./usage.ts"

/** Tells on stderr what went wrong, in one sentence, and gives the exit code for it. Loaded when something does. */
export function report(error: unknown, io: Io): number {
  if (error instanceof UsageError) {
    io.err(`skein: ${error.message}`)
    io.err("See skein help.")
    return 2
  }
  if (error instanceof Blocked) {
    io.err(`skein: ${error.message}`)
    return EXIT.unavailable
  }
  if (error instanceof SkeinError) {
    io.err(`skein: ${error.message}`)
    return exitCodeOfError(error.code)
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.err(`skein: a defect in skein: ${redacted(what, { values: secretValues(io.env) }).value}`)
  return EXIT.defect
}
