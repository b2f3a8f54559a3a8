import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { assignment, ISOLATION, planAssignments } from "./assignments.ts"
import { AGENTS_TIMEOUT_MS, TASKS_MAX } from "./bounds.ts"
import type { Assignment } from "./schedule/settled.ts"

interface Input {
  readonly tasks: readonly Assignment[]
  readonly failFast: boolean
  readonly isolation?: "none" | "worktree" | undefined
  readonly merge: boolean
}

/** Several agents at the same time. */
export const parallelTasks = defineTool<Input>({
  name: "parallel_tasks",
  description:
    "Up to 10 agents at the same time, each as task begins it. You get each one's status, time and last message. Give " +
    "those that change the same files isolation.",
  summary: "up to 10 agents at the same time",
  input: () =>
    z.strictObject({
      tasks: z.array(assignment()).min(1).max(TASKS_MAX),
      failFast: z.boolean().default(false).describe("the first that fails stops all others"),
      isolation: ISOLATION(),
      merge: z
        .boolean()
        .default(false)
        .describe("merge the copies at the end, one after the other, where none conflicts"),
    }),
  kind: "other",
  effects: ["delegate"],
  timeoutMs: AGENTS_TIMEOUT_MS,
  title: ({ tasks }) => `${tasks.length} agents: ${tasks.map(({ description }) => description).join(", ")}`,
  plan: ({ tasks }, world, context) => planAssignments(tasks, world, context),
  async run({ tasks, failFast, isolation, merge }, world, context) {
    const [{ working }, { inParallel }, { answers }] = await Promise.all([
      import("./working.ts"),
      import("./schedule/parallel.ts"),
      import("./report.ts"),
    ])
    const isIsolated = isolation === undefined ? undefined : isolation === "worktree"
    const { schedule, told } = await working(world, context, { isIsolated, isMerging: merge })
    return answers(await told(await inParallel(tasks, { ...schedule, isFailFast: failFast })))
  },
})
