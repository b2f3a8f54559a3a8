import type { Item } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { firstLines, oneLine } from "./text.ts"
import { findTurn } from "./turns.ts"

const LINES_MAX = 200

export const log = defineCommand({
  name: "log",
  summary: "What happened in the newest turn, or another, call by call.",
  usage: "[turn]",
  whileBusy: true,
  async run(args, { ask, sessionId }) {
    const tree = await ask({ type: "session.tree", sessionId })
    const turnId = args === "" ? tree.current : findTurn(tree, args).turnId
    if (turnId === undefined) return { kind: "show", text: "There is no turn yet." }
    const { items } = await ask({ type: "session.read", sessionId })
    const lines = items.filter((item) => "turnId" in item && item.turnId === turnId).flatMap(lineOf)
    const text = firstLines(lines, LINES_MAX).join("\n")
    return { kind: "show", text: text === "" ? "That turn is on another branch: /tree goes there." : text }
  },
})

const MARKS: Readonly<Record<string, string>> = { success: "✓", error: "✗", cancelled: "–" }

function lineOf(item: Item): readonly string[] {
  switch (item.kind) {
    case "user_message":
      return item.input.map((part) => `› ${part.type === "text" ? oneLine(part.text) : `[${part.type}]`}`)
    case "agent_message":
      return item.status === "discarded" ? [] : [`  ${oneLine(item.text)}`]
    case "tool_call": {
      const { state, title, result } = item
      const facts = [
        result?.forHuman?.summary,
        ...(result === undefined ? [] : [`${(result.durationMs / 1_000).toFixed(1)} s`]),
      ].filter((fact) => fact !== undefined)
      return [`  ${MARKS[state] ?? "…"} ${title}${facts.length === 0 ? "" : `  ${facts.join(", ")}`}`]
    }
    default:
      return []
  }
}
