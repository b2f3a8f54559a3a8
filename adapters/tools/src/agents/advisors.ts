import * as z from "@skein/protocol/schema"
import { type AnyTool, defineTool } from "../define.ts"
import { planAssignments } from "./assignments.ts"
import { AGENTS_TIMEOUT_MS, PROMPT_CHARS_MAX } from "./bounds.ts"
import type { Assignment } from "./schedule/settled.ts"

interface Input {
  readonly prompt: string
  readonly folders: readonly string[]
}

interface Advisor {
  /** Of the agent and of its tool. */
  readonly name: string
  readonly description: string
  readonly summary: string
  readonly asks: string
}

/** One that is asked and answers: a call of its agent with nothing to choose. */
function advisor({ name, description, summary, asks }: Advisor): AnyTool {
  return defineTool<Input>({
    ...{ name, description, summary },
    input: () =>
      z.strictObject({
        prompt: z.string().min(1).max(PROMPT_CHARS_MAX).describe(asks),
        folders: z.array(z.string().min(1)).max(20).default([]).describe("where to look, besides or instead of here"),
      }),
    kind: "search",
    effects: ["delegate"],
    isConcurrent: true,
    timeoutMs: AGENTS_TIMEOUT_MS,
    title: ({ prompt }) => `${name}: ${shortly(prompt)}`,
    plan: (input, world, context) => planAssignments([assignmentOf(name, input)], world, context),
    async run(input, world, context) {
      const [{ working }, { inParallel }, { answer }] = await Promise.all([
        import("./working.ts"),
        import("./schedule/parallel.ts"),
        import("./report.ts"),
      ])
      const { schedule, told } = await working(world, context, { isIsolated: false })
      const [ended] = await told(await inParallel([assignmentOf(name, input)], { ...schedule, isFailFast: false }))
      if (ended === undefined) throw new Error("One assignment has one end")
      return answer(ended)
    },
  })
}

export const oracle = advisor({
  name: "oracle",
  description:
    "Ask a stronger, slower model for advice on what is hard: a design, a bug that resists, a doubt about your plan. It " +
    "reads the code and changes nothing. Give it what you know and what you tried.",
  summary: "advice on what is hard, from a stronger and slower model",
  asks: "the question, with what is known",
})

export const finder = advisor({
  name: "finder",
  description: "Have a fast, cheap model look for places in the code by what they do. It answers with paths and lines.",
  summary: "places in the code by what they do, from a fast and cheap model",
  asks: "what to find, in words of its purpose",
})

export const librarian = advisor({
  name: "librarian",
  description:
    "Have a question answered from several repositories or folders of this machine, and the web. It changes nothing and " +
    "says where each statement stands.",
  summary: "a question about several repositories or folders",
  asks: "the question",
})

function assignmentOf(agent: string, { prompt, folders }: Input): Assignment {
  const where = folders.length === 0 ? "" : `\n\nLook in these folders:\n${folders.map((one) => `- ${one}`).join("\n")}`
  return { agent, description: shortly(prompt), prompt: `${prompt}${where}` }
}

function shortly(prompt: string): string {
  const line = prompt.trim().split("\n")[0] ?? ""
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`
}
