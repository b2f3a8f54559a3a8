import type { CallPlan } from "./plans.ts"
import type { PlanContext, RunContext, ToolResult } from "./tools.ts"

/**
 * Runs commands that a person typed themselves, within the same bounds of output as the tools' commands. `sandbox` of the
 * context says what holds one; an adapter may hold it to more, never to less.
 */
export interface ShellLinesPort {
  /** Reads the command; nothing runs. Throws ToolFailure for one that cannot be run at all. */
  plan(command: string, context: PlanContext): Promise<CallPlan>
  /** Throws ToolFailure. Stops within 100 ms of `context.signal`. */
  run(plan: CallPlan, context: RunContext): Promise<ToolResult>
}
