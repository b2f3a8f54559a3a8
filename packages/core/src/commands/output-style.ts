import { nearestName } from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { defineCommand, usageReply } from "./command.ts"

export const outputStyle = defineCommand({
  name: "output-style",
  summary: "Choose how the model answers, from the next turn on.",
  usage: "[name | default]",
  whileBusy: true,
  async run(args, world) {
    const { facts, sessionId, styles } = world
    const { outputStyle: now = "default" } = (await facts()).settings
    const known = [{ name: "default", summary: "As usual", scope: "builtin" }, ...((await styles?.()) ?? [])]
    if (args === "") {
      const choices = known.map(({ name, summary, scope }) => ({
        ...{ label: name, detail: scope === "builtin" ? summary : `${summary} (${scope})`.trim() },
        command: `output-style ${name}`,
      }))
      return { kind: "choose", title: `The output style is ${now}. Which one instead?`, choices }
    }
    const found = known.find(({ name }) => name.toLowerCase() === args.toLowerCase())
    if (found === undefined) {
      const near = nearestName(
        args,
        known.map(({ name }) => name),
      )
      return usageReply(
        outputStyle,
        `There is no output style ${args}.${near === undefined ? "" : ` Did you mean ${near}?`}`,
      )
    }
    if (found.name === now) return { kind: "show", text: `The output style is ${now} already.` }
    const changes = { outputStyle: found.name === "default" ? null : found.name }
    // The instructions change, and with them all that stands behind them.
    const breaks = await cacheNote(world, { kind: "tools" })
    const done = `The output style is ${found.name}, from the next turn on.${breaks}`
    return { kind: "ops", ops: [{ type: "settings.change", sessionId, changes }], done }
  },
})
