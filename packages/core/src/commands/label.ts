import { defineCommand, usageReply } from "./command.ts"

export const label = defineCommand({
  name: "label",
  summary: "Name this place of the conversation; - takes the name away.",
  usage: "<name>",
  whileBusy: false,
  async run(args, { ask, sessionId }) {
    if (args === "") return usageReply(label)
    const { current } = await ask({ type: "session.tree", sessionId })
    if (current === undefined) return usageReply(label, "There is no turn to name yet.")
    const name = args === "-" ? "" : args
    const done = name === "" ? "The name is gone." : `This place is called ${name}.`
    return { kind: "ops", ops: [{ type: "turn.label", sessionId, turnId: current, label: name }], done }
  },
})
