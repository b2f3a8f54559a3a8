import { defineCommand } from "./command.ts"
import { ago, counted, oneLine } from "./text.ts"

export const checkpoints = defineCommand({
  name: "checkpoints",
  summary: "The turns that changed files; go back to before one of them.",
  usage: "",
  whileBusy: false,
  async run(_, { ask, sessionId, now }) {
    const all = await ask({ type: "checkpoints.list", sessionId })
    if (all.length === 0) return { kind: "show", text: "No turn has changed a file yet." }
    return {
      kind: "choose",
      title: "Put the files back to before which turn?",
      choices: all.map(({ turnId, at, preview, paths }) => ({
        label: oneLine(preview),
        detail: `${paths.length === 0 ? "not seen" : counted(paths.length, "file")} · ${ago(at, now)}`,
        command: `rewind ${turnId} code`,
      })),
    }
  },
})
