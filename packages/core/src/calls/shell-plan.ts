import type { CallPlan, Effect, ToolResult } from "../ports/index.ts"
import { foreignCommand } from "./foreign-command.ts"
import { provenanceOf } from "./provenance.ts"

type Execution = Extract<Effect, { kind: "execute" }>

/** Whether the system holds a person's command to a sandbox. */
export function isConfined({ effects }: CallPlan): boolean {
  return effects.every((effect) => effect.kind === "execute" && effect.isConfined)
}

/** Known to change nothing and to reach nobody, whatever holds it: there is nothing to watch. */
export function onlyLooks({ effects }: CallPlan): boolean {
  return effects.length > 0 && effects.every((effect) => effect.kind === "execute" && looks(effect))
}

/** What it runs is one line, whose exit code says how a test, a type check, a build or a linter went. */
export function isCheck({ effects }: CallPlan): boolean {
  const lines = effects.filter((effect) => effect.kind === "execute")
  return lines.length === 1 && lines[0]?.reading?.isCheck === true
}

function looks({ reading }: Execution): boolean {
  if (reading === undefined || reading.unclear !== undefined || reading.commands.length === 0) return false
  return reading.commands.every(
    ({ risks, powerful }) => powerful.length === 0 && risks.every((risk) => risk === "read"),
  )
}

/**
 * Where a person's command got its output. Without a sandbox nobody saw whom it reached, so only one that is known to look
 * at the workspace's own files says nothing that others wrote.
 */
export function shellProvenance(plan: CallPlan, result: ToolResult | undefined, roots: readonly string[]) {
  if (isConfined(plan)) return provenanceOf(plan, result, roots)
  const isOwn =
    onlyLooks(plan) &&
    plan.effects.every((effect) => effect.kind === "execute" && foreignCommand(effect, roots) === undefined)
  return isOwn ? { source: "command", isTrusted: true } : { source: FOREIGN, isTrusted: false }
}

const FOREIGN = "what a command of the person said that ran without a sandbox"
