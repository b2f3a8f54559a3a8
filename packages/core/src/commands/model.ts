import type { CommandReply } from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { type CommandWorld, defineCommand } from "./command.ts"
import { count } from "./text.ts"

const SHOWN_MAX = 40

export const model = defineCommand({
  name: "model",
  aliases: ["models"],
  summary: "Choose the model, from the next step on.",
  usage: "[provider/model | words]",
  whileBusy: true,
  async run(args, world) {
    const { ask, facts } = world
    if (args.includes("/")) return change(args, world)
    const { settings } = await facts()
    const words = args.toLowerCase()
    const found = (await ask({ type: "models.list", asksServers: true })).filter(
      ({ provider, id, isReady }) => isReady && `${provider}/${id}`.toLowerCase().includes(words),
    )
    const [only] = found
    if (args !== "" && only !== undefined && found.length === 1) return change(`${only.provider}/${only.id}`, world)
    // The engine says what is the matter with a name that is in no list.
    if (args !== "" && only === undefined) return change(args, world)
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

async function change(model: string, world: CommandWorld): Promise<CommandReply> {
  const ops = [{ type: "settings.change", sessionId: world.sessionId, changes: { model } }] as const
  return { kind: "ops", ops, done: `The model is ${model}.${await cacheNote(world, { kind: "settings", model })}` }
}
