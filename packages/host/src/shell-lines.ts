import type { ShellLinesPort, ToolsPort } from "@skein/core/ports"

/** As long as the tool allows: a person stops their own command when they like. */
const TIMEOUT_MS = 600_000

/**
 * A person's own commands, run by the tool that runs the model's: the same bounds of what is shown, the same artifacts, and
 * the secrets taken out of both.
 */
export function shellLinesOf(tools: ToolsPort): ShellLinesPort {
  return {
    plan: (command, context) => tools.plan("bash", { command, timeoutMs: TIMEOUT_MS }, context),
    run: (plan, context) => tools.run(plan, context),
  }
}
