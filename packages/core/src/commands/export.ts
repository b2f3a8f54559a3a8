import { defineCommand } from "./command.ts"

export const exportSession = defineCommand({
  name: "export",
  summary: "How to write this session to a file.",
  usage: "",
  whileBusy: true,
  run(_, { sessionId }) {
    const text = [
      "In a terminal:",
      `  skein session export ${sessionId} -f markdown -o file`,
      "      or json, html, script (bash that does it again), records (without content)",
      `  skein session share ${sessionId}`,
      "      one page to give away, without what looks like a secret",
    ]
    return { kind: "show", text: text.join("\n") }
  },
})
