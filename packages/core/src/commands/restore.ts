import { defineCommand, usageReply } from "./command.ts"
import { count, counted, oneLine } from "./text.ts"

export const restore = defineCommand({
  name: "restore",
  summary: "Show the model again, whole, what a compaction shortened.",
  usage: "[number | all]",
  whileBusy: false,
  async run(args, { sessionId, shortened }) {
    const inputs = await shortened()
    if (inputs.length === 0) return { kind: "show", text: "The model sees every word of yours: nothing was shortened." }
    if (args === "") {
      return {
        kind: "choose",
        title: "Which of these shall the model see whole again?",
        choices: [
          ...inputs.map(({ text }, index) => ({
            label: oneLine(text),
            detail: `${count(text.length)} characters`,
            command: `restore ${index + 1}`,
          })),
          ...(inputs.length > 1 ? [{ label: "All of them", detail: "", command: "restore all" }] : []),
        ],
      }
    }
    const chosen = args === "all" ? inputs : inputs.filter((_, index) => String(index + 1) === args)
    if (chosen.length === 0) return usageReply(restore, `There is no number ${args}: there are 1 to ${inputs.length}.`)
    const inputIds = chosen.map(({ inputId }) => inputId)
    const done = `The model sees ${counted(chosen.length, "input")} whole from its next step.`
    return { kind: "ops", ops: [{ type: "context.restore", sessionId, inputIds }], done }
  },
})
