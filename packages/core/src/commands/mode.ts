import { MODE_MEANINGS, MODES } from "@skein/protocol"
import { defineCommand, usageReply } from "./command.ts"
import { tierNamed, toTier } from "./tier.ts"

export const mode = defineCommand({
  name: "mode",
  summary: "Choose what may run without asking.",
  usage: `[${MODES.join("|")}]`,
  whileBusy: true,
  async run(args, world) {
    const { facts, sessionId } = world
    if (args === "") {
      const { settings } = await facts()
      const title = `The mode is ${settings.mode}. Which one instead?`
      const choices = MODES.map((name) => ({ label: name, detail: MODE_MEANINGS[name], command: `mode ${name}` }))
      return { kind: "choose", title, choices }
    }
    // What chooses the model is called a mode elsewhere.
    const tier = tierNamed(args)
    if (tier !== undefined) return toTier(tier, world)
    const found = MODES.find((name) => name === args)
    if (found === undefined) return usageReply(mode, `There is no mode ${args}.`)
    const ops = [{ type: "settings.change", sessionId, changes: { mode: found } }] as const
    return { kind: "ops", ops, done: `The mode is ${found}: ${MODE_MEANINGS[found]}.` }
  },
})
