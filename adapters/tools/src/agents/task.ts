import { type PlanContext, type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import { isId } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type Planned, type ToolWorld } from "../define.ts"
import { AGENTS_TIMEOUT_MS } from "./bounds.ts"

interface Input {
  readonly description: string
  readonly prompt: string
  readonly agent: string
  readonly background: boolean
  readonly resume?: string | undefined
  readonly isolation?: "none" | "worktree" | undefined
  readonly merge: boolean
}

/** Hands one piece of work to an agent with a context, tools and a model of its own. */
export const task = defineTool<Input>({
  name: "task",
  description:
    "Hand work to an agent with a context of its own; you get its last message. Agents: general, coder, researcher, " +
    "reviewer, planner, finder, oracle, librarian, auto, and the project's (agent lists them). It knows nothing of this " +
    "conversation: say all it needs. Several calls in one step run at the same time.",
  input: () =>
    z.strictObject({
      description: z.string().min(1).max(200).describe("3 to 6 words for the person"),
      prompt: z.string().min(1).max(200_000),
      agent: z.string().min(1).max(100).default("general"),
      background: z.boolean().default(false).describe("go on at once; you are told when it ends"),
      resume: z.string().optional().describe("session id of an agent that ended: tell it more"),
      isolation: z.enum(["none", "worktree"]).optional().describe("worktree: it works on a copy of the repository"),
      merge: z.boolean().default(false).describe("merge that copy at the end, unless there is a conflict"),
    }),
  kind: "other",
  effects: ["delegate"],
  isConcurrent: true,
  timeoutMs: AGENTS_TIMEOUT_MS,
  title: ({ agent, description }) => `${agent}: ${description}`,
  plan: (input, world, context) => planned(input, world, context),
  run: async (input, world, context) => await run(input, world, context),
})

async function planned(input: Input, world: ToolWorld, { cwd }: PlanContext): Promise<Planned<undefined>> {
  // An agent that there is not is told before anybody is asked about it.
  if (input.resume === undefined) await (await import("./delegation.ts")).rowFor(world, cwd, input)
  return {
    effects: [{ kind: "none" }],
    actions: [{ verb: "delegate", target: `${input.agent}: ${input.description}` }],
    prepared: undefined,
  }
}

async function run(input: Input, world: ToolWorld, context: RunContext): Promise<ToolResult> {
  const { resume, background, isolation, merge } = input
  const isIsolated = isolation === undefined ? undefined : isolation === "worktree"
  if (resume !== undefined) return await resumed(input, resume, context)
  if (background) {
    const [{ delegation }, { inBackground }] = await Promise.all([import("./delegation.ts"), import("./working.ts")])
    return inBackground(await (await delegation(world, context)).begin(input, { isBackground: true, isIsolated }))
  }
  const [{ working }, { inParallel }, { answer }] = await Promise.all([
    import("./working.ts"),
    import("./schedule/parallel.ts"),
    import("./report.ts"),
  ])
  const { schedule, told } = await working(world, context, { isIsolated, isMerging: merge })
  const [ended] = await told(await inParallel([input], { ...schedule, isFailFast: false }))
  if (ended === undefined) throw new Error("One assignment has one end")
  if (ended.result === undefined) throw new ToolFailure(ended.text)
  return answer(ended)
}

/** Says more to one that was begun before. */
async function resumed({ prompt, ...input }: Input, id: string, context: RunContext): Promise<ToolResult> {
  const childId = id.startsWith("ses_") ? id : `ses_${id}`
  if (context.agents === undefined || !isId("ses", childId))
    throw new ToolFailure(`No agent works, or has worked, as session ${JSON.stringify(id)}.`)
  const { agents } = context
  const [{ inBackground }, { inParallel }, { answer }] = await Promise.all([
    import("./working.ts"),
    import("./schedule/parallel.ts"),
    import("./report.ts"),
  ])
  const known = agents.list().find(({ sessionId }) => sessionId === childId)
  const agent = known?.agent ?? input.agent
  if (input.background) return inBackground({ spawned: await agents.say(childId, prompt), agent })
  const begin = () => agents.say(childId, prompt)
  const assignment = { ...input, prompt, agent }
  const [ended] = await inParallel([assignment], { begin, isFailFast: false, signal: context.signal })
  if (ended?.result === undefined) throw new ToolFailure(ended?.text ?? "It was not begun.")
  return answer(ended)
}
