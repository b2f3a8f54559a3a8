import type { CommandReply } from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { type CommandWorld, defineCommand, usageReply } from "./command.ts"
import { count } from "./text.ts"

const SHOWN_MAX = 40

export const model = defineCommand({
  name: "model",
  aliases: ["models"],
  summary: "Choose the model, from the next step on.",
  usage: "[provider/model | words] [--context N]",
  whileBusy: true,
  async run(given, world) {
    const { ask, facts } = world
    const { args, window } = windowIn(given)
    if (window !== undefined) return await measured(args, window, world)
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

const WINDOW_FLAG = /(?:^|\s)--context(?:[= ]\s*(\S*))?\s*$/

function windowIn(given: string): { readonly args: string; readonly window: string | undefined } {
  const found = WINDOW_FLAG.exec(given)
  return found === null
    ? { args: given, window: undefined }
    : { args: given.slice(0, found.index).trim(), window: found[1] ?? "" }
}

/** One number for the meter, for when older context is let go, and for what is asked of the model. */
async function measured(args: string, window: string, world: CommandWorld): Promise<CommandReply> {
  const tokens = Number(/^\d+k$/i.test(window) ? `${window.slice(0, -1)}000` : window.replace(/[,_]/g, ""))
  if (!Number.isSafeInteger(tokens) || tokens < WINDOW_MIN)
    return usageReply(
      model,
      `--context takes the window's size in tokens, as 32768 or 128k, and at least ${count(WINDOW_MIN)}.`,
    )
  const { settings } = await world.facts()
  const name = args === "" ? settings.model : args
  const changes = { ...(name === settings.model ? {} : { model: name }), window: { model: name, tokens } }
  const ops = [{ type: "settings.change", sessionId: world.sessionId, changes }] as const
  return { kind: "ops", ops, done: `The window of ${name} is taken to hold ${count(tokens)} tokens in this session.` }
}

const WINDOW_MIN = 1_000
