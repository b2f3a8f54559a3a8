import type { CallPlan, ToolsPort } from "@skein/core/ports"

/** The same tools; what rules of the project warn of is told with a call's result, to its model. */
export function warningTools(
  tools: ToolsPort,
  warningsFor: (plan: CallPlan, cwd: string) => readonly string[],
): ToolsPort {
  return {
    ...tools,
    async run(plan, context) {
      const result = await tools.run(plan, context)
      const warnings = warningsFor(plan, context.cwd)
      if (warnings.length === 0) return result
      const text = warnings.map((warning) => `A rule of this project says of this call: ${warning}`).join("\n")
      return { ...result, forModel: [...result.forModel, { type: "text", text }] }
    },
  }
}
