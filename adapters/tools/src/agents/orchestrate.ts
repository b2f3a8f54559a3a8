import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { assignment, planAssignments } from "./assignments.ts"
import { AGENTS_TIMEOUT_MS, TASKS_MAX } from "./bounds.ts"
import type { Assignment } from "./schedule/settled.ts"

interface Input {
  readonly stages: readonly (readonly Assignment[])[]
  readonly failFast: boolean
}

/** Stages of agents, each stage given the results of the one before. */
export const orchestrate = defineTool<Input>({
  name: "orchestrate",
  description:
    "Agents in stages: those of a stage run at the same time, and the next stage is given what they said, behind each of " +
    "its prompts. At most 10 in all.",
  summary: "stages of agents, each given the results of the one before",
  input: () =>
    z.strictObject({
      stages: z.array(z.array(assignment()).min(1)).min(1).max(TASKS_MAX),
      failFast: z.boolean().default(true).describe("begin no stage behind one in which something failed"),
    }),
  kind: "other",
  effects: ["delegate"],
  timeoutMs: AGENTS_TIMEOUT_MS,
  title: ({ stages }) => `${stages.flat().length} agents in ${stages.length} stages`,
  async plan({ stages }, world, context) {
    const all = stages.flat()
    if (all.length > TASKS_MAX)
      throw new ToolFailure(`These are ${all.length} agents; at most ${TASKS_MAX} in all. None was begun.`)
    return await planAssignments(all, world, context)
  },
  async run({ stages, failFast }, world, context) {
    const [{ working }, { inStages }, { answers }] = await Promise.all([
      import("./working.ts"),
      import("./schedule/staged.ts"),
      import("./report.ts"),
    ])
    const { schedule, told } = await working(world, context, {})
    const ended = await inStages(stages, { ...schedule, isFailFast: failFast })
    const headings = ended.flatMap((stage, at) =>
      stage.map((_, place) => (place === 0 ? `# Stage ${at + 1}` : undefined)),
    )
    return answers(await told(ended.flat()), headings)
  },
})
