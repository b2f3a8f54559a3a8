import type { ToolResult } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { planSteps } from "./plan-steps.ts"

interface Input {
  readonly plan: string
}

/** The plan, as the person sees it and as it outlives every compaction. */
export const plan = defineTool<Input>({
  name: "plan",
  description: "Write down the plan, whole each time, in Markdown. It stays in view when older context is summarised.",
  input: () => z.strictObject({ plan: z.string() }),
  kind: "think",
  effects: ["none"],
  canBeLayered: true,
  title: () => "plan",
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  run: async ({ plan: text }) => planResult(text, "The plan is kept."),
})

/** A plan that is kept, as text and as a tree. */
export function planResult(text: string, forModel: string): ToolResult {
  return {
    forModel: [{ type: "text", text: forModel }],
    forHuman: { kind: "text", body: text, summary: `${text.split("\n").length} lines` },
    session: { type: "plan.changed", plan: text, steps: [...planSteps(text)] },
    provenance: { source: "plan", isTrusted: true },
  }
}
