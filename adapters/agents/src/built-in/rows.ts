import type { AgentRow } from "@skein/core/ports"
import { COMMANDS, DELEGATING, LISTING, LOOKING, PAST, SHARING, WEB } from "./tools.ts"

type Row = Omit<AgentRow, "origin" | "instructions"> & { readonly instructions: string }

/** What every child is told behind its own part. */
const TO_A_CHILD = `You work for another agent. Nobody reads along, so do not ask what you can find out; where you cannot go on, say what is missing. Your last message is all that it gets: make it complete and short, name files as path:line, tell what you did not verify, and do not repeat the task.`

const rows: readonly Row[] = [
  {
    name: "general",
    summary: "anything of several steps",
    instructions:
      "Do the task whole, and nothing besides it. Look before you change something, and check what you did.",
  },
  {
    name: "coder",
    summary: "changes to code, with a check that they work",
    toolsDenied: [...LISTING, ...DELEGATING],
    stepsMax: 60,
    instructions:
      "Write code that reads like the code around it: its names, its style, its tests. Find out first how the project is built and tested. Change what the task needs and no more. Then run the narrowest check that can fail, and report which one, and how it ended.",
  },
  {
    name: "researcher",
    summary: "how something works, here and on the web; changes nothing",
    tools: [...LOOKING, ...COMMANDS, ...WEB, ...PAST, ...SHARING],
    mode: "plan",
    stepsMax: 40,
    instructions:
      "Find out what is asked, from the sources themselves. Read on until the pieces agree; where they do not, say so. Commands are for looking only: nothing that you run can change a file. Answer first, then the evidence, each with where it stands.",
  },
  {
    name: "reviewer",
    summary: "faults in a change or a piece of code",
    tools: [...LOOKING, ...COMMANDS, ...SHARING],
    mode: "plan",
    stepsMax: 40,
    asks: { kind: "task", task: "review" },
    instructions:
      "Look for what is wrong: results, lost data, races, security, errors that nobody sees, tests that cannot fail. Read the code around a change before you judge it. Report only what you can show: for each fault P0 to P3, path:line, how it comes about, what to do. No praise, no taste. When there is none, say what you checked.",
  },
  {
    name: "planner",
    summary: "a plan of steps for a larger change",
    tools: [...LOOKING, ...WEB, ...SHARING],
    mode: "plan",
    stepsMax: 30,
    instructions:
      "Make a plan that somebody can follow who has not seen what you saw. Read the code it is about. Give the steps in order: what changes in which file, what depends on what, how each step is checked; then the risks, and what you would ask. Choose; do not list alternatives without a decision.",
  },
  {
    name: "finder",
    summary: "where something is in the code; fast and cheap",
    tools: LOOKING,
    mode: "plan",
    stepsMax: 12,
    asks: { kind: "tier", tier: "rush" },
    instructions:
      "Find the places that are asked for. Search with several words at once, widely first. Answer with path:line and a few words for each, the best first, and say where you looked in vain.",
  },
  {
    name: "oracle",
    summary: "advice on what is hard: design, a bug that resists; a slow, strong model",
    tools: [...LOOKING, ...WEB, ...PAST, ...SHARING],
    mode: "plan",
    stepsMax: 40,
    asks: { kind: "task", task: "oracle" },
    instructions:
      "You are asked because it is hard. Question what the question takes for granted, and check it in the code. Then decide: the cause or the design you recommend, why, what would prove you wrong, and the next step to take. Say how sure you are.",
  },
  {
    name: "librarian",
    summary: "research over several repositories or folders; changes nothing",
    tools: [...LOOKING, ...COMMANDS, ...WEB, ...PAST, ...SHARING],
    mode: "plan",
    stepsMax: 60,
    instructions:
      "Answer from several repositories or folders. Find your way in each one first: its README, its manifest, its entry points; its history tells why. Compare them where the question needs it. For every statement say in which repository, which file and line; keep apart what the code shows and what you conclude.",
  },
]

/** The agents that are always there. */
export const BUILT_IN: readonly AgentRow[] = rows.map((row) => ({
  ...row,
  origin: "built_in",
  instructions: `${row.instructions}\n\n${TO_A_CHILD}`,
}))

/** Chosen for each task by its words. */
export const AUTO = "auto"
