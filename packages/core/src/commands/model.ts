import { defineCommand } from "./command.ts"
import { count } from "./text.ts"

export const model = defineCommand({
  name: "model",
  aliases: ["models"],
  summary: "Choose the model, from the next step on.",
  usage: "[provider/model]",
  whileBusy: true,
  async run(args, { ask, sessionId }) {
    if (args !== "") {
      const ops = [{ type: "settings.change", sessionId, changes: { model: args } }] as const
      return { kind: "ops", ops, done: `The model is ${args}.` }
    }
    const { settings } = await ask({ type: "session.read", sessionId })
    const ready = (await ask({ type: "models.list" })).filter(({ isReady }) => isReady)
    if (ready.length === 0) return { kind: "show", text: `The model is ${settings.model}.` }
    return {
      kind: "choose",
      title: `The model is ${settings.model}. Which one instead?`,
      choices: ready.map(({ provider, id, contextTokens }) => ({
        label: `${provider}/${id}`,
        detail: contextTokens === undefined ? "" : `${count(contextTokens)} tokens of context`,
        command: `model ${provider}/${id}`,
      })),
    }
  },
})
