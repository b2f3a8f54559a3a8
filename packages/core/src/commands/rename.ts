import { defineCommand, usageReply } from "./command.ts"

export const rename = defineCommand({
  name: "rename",
  summary: "Give this session a title.",
  usage: "<title>",
  whileBusy: true,
  run(args, { sessionId }) {
    if (args === "") return usageReply(rename)
    return { kind: "ops", ops: [{ type: "session.change", sessionId, title: args }], done: `It is called ${args}.` }
  },
})
