import { defineCommand } from "./command.ts"

export const exportSession = defineCommand({
  name: "export",
  summary: "How to write this session to a file.",
  usage: "",
  whileBusy: true,
  run(_, { sessionId }) {
    const text = [
      "In a terminal:",
      `  skein session export ${sessionId}     Markdown, JSON, HTML or a script, as --format says`,
      `  skein session share ${sessionId}      one HTML file to give away, without secrets`,
    ]
    return { kind: "show", text: text.join("\n") }
  },
})
