import type { RewindTarget } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { firstLines } from "./text.ts"
import { findTurn } from "./turns.ts"

const LINES_MAX = 500

export const diff = defineCommand({
  name: "diff",
  summary: "What skein changed in files, in this session or since a turn.",
  usage: "[turn]",
  whileBusy: true,
  async run(args, { ask, sessionId }) {
    // The first event is older than any change.
    const to: RewindTarget =
      args === ""
        ? { kind: "seq", seq: 1 }
        : { kind: "before", turnId: findTurn(await ask({ type: "session.tree", sessionId }), args).turnId }
    const diffs = await ask({ type: "checkpoint.diff", sessionId, to })
    const lines = diffs.flatMap(({ path, diff: text }) => (text === "" ? [path] : text.trimEnd().split("\n")))
    return { kind: "show", text: lines.length === 0 ? "No file differs." : firstLines(lines, LINES_MAX).join("\n") }
  },
})
