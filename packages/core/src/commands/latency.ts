import type { UsageReport } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { counted, firstLines, oneLine } from "./text.ts"

const TURNS_MAX = 20

export const latency = defineCommand({
  name: "latency",
  summary: "How long the model took: to its first token, and in all.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    const { turns, total } = await ask({ type: "usage.report", sessionId })
    if (total.steps === 0) return { kind: "show", text: "No model was asked yet." }
    const rows = [["first token", "in all", "turn"], ...turns.toReversed().map(cells), ["", "", ""], sum(total)]
    return { kind: "show", text: firstLines(aligned(rows), TURNS_MAX).join("\n") }
  },
})

type Turn = UsageReport["turns"][number]

function cells(turn: Turn): readonly string[] {
  return [seconds(turn.firstTokenMs), seconds(turn.modelMs), `${oneLine(turn.preview, 48)}${steps(turn.steps)}`]
}

function sum(total: UsageReport["total"]): readonly string[] {
  return [
    seconds(total.firstTokenMs),
    seconds(total.modelMs),
    `the session, first token by median${steps(total.steps)}`,
  ]
}

function steps(count: number): string {
  return count === 1 ? "" : `, ${counted(count, "step")}`
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "–" : `${(ms / 1_000).toFixed(1)} s`
}

/** Numbers stand below each other by their ends. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = (at: number) => Math.max(...rows.map((row) => (row[at] ?? "").length))
  const [first, second] = [width(0), width(1)]
  return rows.map(([a = "", b = "", c = ""]) => `${a.padStart(first)}  ${b.padStart(second)}  ${c}`.trimEnd())
}
