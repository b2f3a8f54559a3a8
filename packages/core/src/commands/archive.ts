import { defineCommand, usageReply } from "./command.ts"

export const archive = defineCommand({
  name: "archive",
  summary: "Leave this session out of lists; off puts it back.",
  usage: "[off]",
  whileBusy: true,
  run(args, { sessionId }) {
    if (args !== "" && args !== "off") return usageReply(archive)
    const isArchived = args === ""
    const done = isArchived ? "Archived. /archive off puts it back into lists." : "It is in lists again."
    return { kind: "ops", ops: [{ type: "session.change", sessionId, isArchived }], done }
  },
})
