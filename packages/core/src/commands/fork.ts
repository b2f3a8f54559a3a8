import { defineCommand } from "./command.ts"
import { findTurn } from "./turns.ts"

export const fork = defineCommand({
  name: "fork",
  summary: "Go on in a new session that begins with this conversation.",
  usage: "[turn]",
  whileBusy: false,
  async run(args, { ask, sessionId }) {
    const through = args === "" ? undefined : findTurn(await ask({ type: "session.tree", sessionId }), args)
    const done = `This is a fork of ${sessionId}, which stays as it is.`
    return { kind: "ops", ops: [{ type: "session.fork", sessionId, throughTurnId: through?.turnId }], done }
  },
})
