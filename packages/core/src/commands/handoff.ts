import { defineCommand } from "./command.ts"

export const handoff = defineCommand({
  name: "handoff",
  summary: "Go on in a new session that knows goal, state and next steps.",
  usage: "[goal]",
  whileBusy: false,
  run(args, { sessionId }) {
    const goal = args === "" ? undefined : args
    const done = `Handed over from ${sessionId}, which stays as it is.`
    return { kind: "ops", ops: [{ type: "session.handoff", sessionId, goal }], done }
  },
})
