import { MODE_MEANINGS } from "@skein/protocol"
import { defineCommand, usageReply } from "./command.ts"

export const autoapply = defineCommand({
  name: "autoapply",
  summary: "Whether edits of the workspace are applied without asking.",
  usage: "[on|off]",
  whileBusy: true,
  async run(args, { facts, sessionId }) {
    const { mode } = (await facts()).settings
    if (args !== "" && args !== "on" && args !== "off") return usageReply(autoapply, `It is on or off, not ${args}.`)
    // Modes that apply edits and more stay what they are; plan is left by choosing another mode.
    const isOn = mode === "accept-edits" || mode === "auto" || mode === "full"
    const isWanted = args === "on"
    if (args === "") {
      return {
        kind: "show",
        text: `Edits of the workspace are ${isOn ? "applied without asking" : "not applied unasked"}. Mode ${mode}: ${MODE_MEANINGS[mode]}.`,
      }
    }
    if (mode === "plan") {
      return { kind: "usage", text: "In mode plan nothing is changed. /mode chooses another, with edits or without." }
    }
    if (isWanted === isOn) return { kind: "show", text: `Mode ${mode}: ${MODE_MEANINGS[mode]}.` }
    const next = isWanted ? "accept-edits" : "ask"
    const ops = [{ type: "settings.change", sessionId, changes: { mode: next } }] as const
    return { kind: "ops", ops, done: `The mode is ${next}: ${MODE_MEANINGS[next]}.` }
  },
})
