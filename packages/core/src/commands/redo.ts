import { defineCommand, usageReply } from "./command.ts"
import { REWIND_USAGE, rewindReply, rewindWords } from "./rewinding.ts"

export const redo = defineCommand({
  name: "redo",
  summary: "Be again where you were before the newest /undo or /rewind.",
  usage: REWIND_USAGE,
  whileBusy: false,
  isAsking: true,
  run(args, world) {
    const { rest, scope = "both", onConflict } = rewindWords(args)
    if (rest.length > 0) return usageReply(redo)
    return rewindReply(
      { to: { kind: "redo" }, scope, onConflict, command: "redo", done: "It is all there again." },
      world,
    )
  },
})
