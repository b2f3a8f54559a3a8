import { type LeftOut, leftOutOf } from "./left-out.ts"
import type { LogFile } from "./log-file.ts"
import type { HostRequest } from "./request.ts"
import type { Trusting } from "./trusting.ts"

/** What a person should know: kept until it is read, told at once after that, and in the log either way. */
export function warningsOf(
  { consent, onLateWarning }: Pick<HostRequest, "consent" | "onLateWarning">,
  log: Pick<LogFile, "write">,
) {
  const warnings = consent === "no-sandbox" ? [UNCONFINED] : []
  let areRead = false
  /** What came of something that a person does just now: told at once, whether the others were read or not. */
  const tell = (sentence: string): void => {
    onLateWarning?.(sentence)
    log.write("warn", sentence)
  }
  return {
    warn(sentence: string): void {
      if (warnings.includes(sentence)) return
      if (areRead) onLateWarning?.(sentence)
      warnings.push(sentence)
      log.write("warn", sentence)
    },
    tell,
    leftOutOf: (trust: Trusting): LeftOut => leftOutOf(trust, tell),
    read(): readonly string[] {
      areRead = true
      return warnings
    },
  }
}

/** Of `--no-sandbox` and of the sandbox `full-access`, which confine as little. */
export const UNCONFINED =
  "WITHOUT A SANDBOX: commands can read, change and send whatever you can, and reach every host. --no-sandbox and the " +
  "sandbox full-access are for a machine you can lose."
