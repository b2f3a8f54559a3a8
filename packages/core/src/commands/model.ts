import type { CommandReply, SessionId } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { count } from "./text.ts"

const SHOWN_MAX = 40

export const model = defineCommand({
  name: "model",
  aliases: ["models"],
  summary: "Choose the model, from the next step on.",
  usage: "[provider/model | words]",
  whileBusy: true,
  async run(args, { ask, facts, sessionId }) {
    if (args.includes("/")) return change(args, sessionId)
    const { settings } = await facts()
    const words = args.toLowerCase()
    const found = (await ask({ type: "models.list", asksServers: true })).filter(
      ({ provider, id, isReady }) => isReady && `${provider}/${id}`.toLowerCase().includes(words),
    )
    const [only] = found
    if (args !== "" && only !== undefined && found.length === 1) return change(`${only.provider}/${only.id}`, sessionId)
    // The engine says what is the matter with a name that is in no list.
    if (args !== "" && only === undefined) return change(args, sessionId)
    if (only === undefined) return { kind: "show", text: `The model is ${settings.model}.` }
    const more = found.length - SHOWN_MAX
    return {
      kind: "choose",
      title: `The model is ${settings.model}. Which one instead?${more > 0 ? ` (${more} more: /model <words>)` : ""}`,
      choices: found.slice(0, SHOWN_MAX).map(({ provider, id, contextTokens }) => ({
        label: `${provider}/${id}`,
        detail: contextTokens === undefined ? "" : `${count(contextTokens)} tokens of context`,
        command: `model ${provider}/${id}`,
      })),
    }
  },
})

function change(model: string, sessionId: SessionId): CommandReply {
  const ops = [{ type: "settings.change", sessionId, changes: { model } }] as const
  return { kind: "ops", ops, done: `The model is ${model}.` }
}
