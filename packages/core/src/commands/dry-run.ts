import { defineCommand, usageReply } from "./command.ts"

const ON = "Dry run: turns work in a throw-away layer, without network. At the end you keep all of it or nothing."
const OFF = "Dry run is off: calls change files as they run."

export const dryRun = defineCommand({
  name: "dry-run",
  summary: "Try turns out: nothing changes before you say so.",
  usage: "[on|off]",
  whileBusy: true,
  async run(args, { facts, sessionId }) {
    if (args === "") {
      const { settings } = await facts()
      return { kind: "show", text: settings.dryRun === true ? ON : OFF }
    }
    if (args !== "on" && args !== "off") return usageReply(dryRun, `There is no dry run ${args}.`)
    const isOn = args === "on"
    const { runningTurn } = await facts()
    const when = runningTurn === undefined ? "" : " From the next turn on: the one that runs goes on as it began."
    const ops = [{ type: "settings.change", sessionId, changes: { dryRun: isOn } }] as const
    return { kind: "ops", ops, done: `${isOn ? ON : OFF}${when}` }
  },
})
