import { given } from "@skein/protocol/json"
import { defineCommand } from "./command.ts"

/** Model and mode are what the person works with now; everything else is the folder's own, as with any new session. */
export const newSession = defineCommand({
  name: "new",
  aliases: ["clear"],
  summary: "Begin a new session here; this one is kept.",
  usage: "",
  whileBusy: false,
  async run(_, { facts, sessionId }) {
    const { cwd, settings } = await facts()
    const { model, mode, effort, verbosity, webSearch, extraRoots } = settings
    const chosen = {
      ...{ model, mode, extraRoots },
      ...{ ...given("effort", effort), ...given("verbosity", verbosity), ...given("webSearch", webSearch) },
    }
    return {
      kind: "ops",
      ops: [{ type: "session.create", cwd, settings: chosen, isInteractive: true, clears: sessionId }],
      done: `A new session. The one before is ${sessionId}.`,
    }
  },
})
