import { defineCommand } from "./command.ts"

export const goal = defineCommand({
  name: "goal",
  summary: "Show, set or clear what this session is for.",
  usage: "[text | clear]",
  whileBusy: true,
  async run(args, { facts, sessionId }) {
    if (args === "") {
      const now = (await facts()).goal
      return { kind: "show", text: now ?? "There is no goal. /goal <text> sets one." }
    }
    const isCleared = args === "clear"
    const ops = [{ type: "goal.change", sessionId, goal: isCleared ? null : args }] as const
    return { kind: "ops", ops, done: isCleared ? "There is no goal any more." : `The goal: ${args}` }
  },
})
