import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { assignment, planAssignments } from "./assignments.ts"
import { AGENTS_TIMEOUT_MS, PROMPT_CHARS_MAX, STEPS_MAX } from "./bounds.ts"
import type { Assignment } from "./schedule/settled.ts"

interface Input {
  readonly steps: readonly Assignment[]
  readonly initialContext: string
}

/** Agents one after the other, each given what the one before said. */
export const pipeline = defineTool<Input>({
  name: "pipeline",
  description:
    "Up to 5 agents one after the other. {previous_result} in a prompt stands for what the one before said, in the first " +
    "for initialContext. Ends with the first that fails.",
  summary: "agents one after the other, each given what the one before said",
  input: () =>
    z.strictObject({
      steps: z.array(assignment()).min(1).max(STEPS_MAX),
      initialContext: z.string().max(PROMPT_CHARS_MAX).default(""),
    }),
  kind: "other",
  effects: ["delegate"],
  timeoutMs: AGENTS_TIMEOUT_MS,
  title: ({ steps }) => steps.map(({ agent, description }) => `${agent}: ${description}`).join(" → "),
  plan: ({ steps }, world, context) => planAssignments(steps, world, context),
  async run({ steps, initialContext }, world, context) {
    const [{ working }, { inPipeline }, { answers }] = await Promise.all([
      import("./working.ts"),
      import("./schedule/pipeline.ts"),
      import("./report.ts"),
    ])
    const { schedule, told } = await working(world, context, {})
    return answers(await told(await inPipeline(steps, initialContext, schedule)))
  },
})
