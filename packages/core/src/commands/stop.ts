import { defineCommand } from "./command.ts"

export const stop = defineCommand({
  name: "stop",
  summary: "Interrupt the turn; what is queued stays queued.",
  usage: "",
  whileBusy: true,
  async run(_, { facts, sessionId }) {
    const { runningTurn } = await facts()
    if (runningTurn === undefined) return { kind: "show", text: "Nothing runs." }
    return { kind: "ops", ops: [{ type: "turn.interrupt", sessionId }] }
  },
})
