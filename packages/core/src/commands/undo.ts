import { defineCommand, usageReply } from "./command.ts"
import { REWIND_USAGE, rewindReply, rewindWords } from "./rewinding.ts"
import { counted } from "./text.ts"

export const undo = defineCommand({
  name: "undo",
  summary: "Take back the newest turns, and what skein changed in them.",
  usage: `[turns] ${REWIND_USAGE}`,
  whileBusy: false,
  isAsking: true,
  run(args, world) {
    const { rest, scope = "both", onConflict } = rewindWords(args)
    const [word = "1", ...more] = rest
    if (!/^[1-9]\d{0,3}$/.test(word) || more.length > 0)
      return usageReply(undo, `How many turns is "${rest.join(" ")}"?`)
    const turns = Number(word)
    const done = `${counted(turns, "turn")} taken back. /redo brings it again.`
    return rewindReply({ to: { kind: "undo", turns }, scope, onConflict, command: `undo ${turns}`, done }, world)
  },
})
