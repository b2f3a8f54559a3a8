import { EFFORT_MEANINGS, EFFORTS, VERBOSITIES, VERBOSITY_MEANINGS } from "@skein/protocol"
import { factsNamed } from "./ability.ts"
import { cacheNote } from "./cache-note.ts"
import { defineCommand, usageReply } from "./command.ts"

export const effort = defineCommand({
  name: "effort",
  summary: "Choose how hard the model thinks, from the next step on.",
  usage: `[${EFFORTS.join("|")}|default]`,
  whileBusy: true,
  async run(args, world) {
    const { ask, facts, sessionId } = world
    const { settings } = await facts()
    const found = EFFORTS.find((name) => name === args)
    if (found !== undefined || args === "default") {
      const ops = [{ type: "settings.change", sessionId, changes: { effort: found ?? null } }] as const
      const model = await factsNamed(settings.model, ask)
      const note = model?.reasoning === false ? ` ${settings.model} does not think, whatever is asked.` : ""
      const meaning = found === undefined ? "as the model has it" : EFFORT_MEANINGS[found]
      const breaks = await cacheNote(world, { kind: "settings", effort: found ?? null })
      return { kind: "ops", ops, done: `The effort is ${args}: ${meaning}.${note}${breaks}` }
    }
    if (args !== "") return usageReply(effort, `There is no effort ${args}.`)
    const choices = EFFORTS.map((name) => ({ label: name, detail: EFFORT_MEANINGS[name], command: `effort ${name}` }))
    return { kind: "choose", title: `The effort is ${settings.effort ?? "default"}. Which one instead?`, choices }
  },
})

export const verbosity = defineCommand({
  name: "verbosity",
  summary: "Choose how much the model writes, from the next step on.",
  usage: `[${VERBOSITIES.join("|")}|default]`,
  whileBusy: true,
  async run(args, { ask, facts, sessionId }) {
    const { settings } = await facts()
    const found = VERBOSITIES.find((name) => name === args)
    if (found !== undefined || args === "default") {
      const ops = [{ type: "settings.change", sessionId, changes: { verbosity: found ?? null } }] as const
      const model = await factsNamed(settings.model, ask)
      const isTaken = found === undefined || model === undefined || model.hasVerbosity === true
      const note = isTaken ? "" : ` ${settings.model} cannot be told so: it holds for models that can.`
      const meaning = found === undefined ? "as the model has it" : VERBOSITY_MEANINGS[found]
      return { kind: "ops", ops, done: `The verbosity is ${args}: ${meaning}.${note}` }
    }
    if (args !== "") return usageReply(verbosity, `There is no verbosity ${args}.`)
    const choices = VERBOSITIES.map((name) => ({
      ...{ label: name, detail: VERBOSITY_MEANINGS[name] },
      command: `verbosity ${name}`,
    }))
    return { kind: "choose", title: `The verbosity is ${settings.verbosity ?? "default"}. Which one instead?`, choices }
  },
})
