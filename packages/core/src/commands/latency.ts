import type { UsageRow } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { counted, firstLines, oneLine } from "./text.ts"

const TURNS_MAX = 20

export const latency = defineCommand({
  name: "latency",
  summary: "How long models took: the first token, all, tokens/s.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    const { turns, models, total } = await ask({ type: "usage.report", sessionId })
    if (total.steps === 0) return { kind: "show", text: "No model was asked yet." }
    const newest = turns.toReversed().map((turn) => cells(turn, oneLine(turn.preview, 48)))
    const byModel = models.length < 2 ? [] : models.map((row) => cells(row, row.model))
    const rows = aligned([HEAD, ...newest, BLANK, ...byModel, cells(total, "the session, first token by median")])
    const [head = "", ...rest] = rows
    const sums = rest.slice(newest.length)
    return { kind: "show", text: [head, ...firstLines(rest.slice(0, newest.length), TURNS_MAX), ...sums].join("\n") }
  },
})

const HEAD = ["first token", "in all", "tokens/s", "turn"] as const
const BLANK = ["", "", "", ""] as const

function cells({ firstTokenMs, modelMs, tokensPerSecond, steps: count }: UsageRow, name: string): readonly string[] {
  const rate = tokensPerSecond === undefined ? "–" : tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)
  return [seconds(firstTokenMs), seconds(modelMs), rate, `${name}${steps(count)}`]
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
  const [first, second, third] = [width(0), width(1), width(2)]
  return rows.map(([a = "", b = "", c = "", d = ""]) =>
    `${a.padStart(first)}  ${b.padStart(second)}  ${c.padStart(third)}  ${d}`.trimEnd(),
  )
}
