import { breakText, type MissRow, type UsageReport, type UsageRow } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { columns, count, counted, firstLines, money, oneLine, tokensOf } from "./text.ts"

const TURNS_MAX = 10

export const cost = defineCommand({
  name: "cost",
  aliases: ["usage"],
  summary: "Tokens, money and time: by model, and for the newest turns.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    const report = await ask({ type: "usage.report", sessionId })
    return { kind: "show", text: report.total.steps === 0 ? "Nothing was used yet." : reportText(report) }
  },
})

function reportText({ total, models, turns }: UsageReport): string {
  const { usage } = total
  const cached = usage.input + usage.cacheRead + usage.cacheWrite
  const share = cached === 0 ? 0 : Math.round((usage.cacheRead / cached) * 100)
  const newest = turns.toReversed().map((turn): [string, string] => [oneLine(turn.preview, 40), rowText(turn)])
  return [
    ...columns([
      ["cost", total.microUsd === undefined ? "not known: the model has no price" : money(total.microUsd)],
      ["input", `${count(cached)} tokens, ${share}% from the cache`],
      ...(total.misses ?? []).map((row, at): [string, string] => [at === 0 ? "read anew" : "", missText(row)]),
      ["output", `${count(usage.output)} tokens`],
      ["models took", `${(total.modelMs / 1_000).toFixed(1)} s in ${counted(total.steps, "step")}${firstToken(total)}`],
    ]),
    ...(models.length < 2 ? [] : ["", ...columns(models.map((row) => [row.model, rowText(row)]))]),
    ...(newest.length === 0 ? [] : ["", "Newest turns:", ...firstLines(columns(newest), TURNS_MAX)]),
  ].join("\n")
}

/** `12,000 tokens in 2 steps: another model`. */
function missText({ cause, steps, tokens }: MissRow): string {
  return `${count(tokens)} tokens in ${counted(steps, "step")}: ${breakText({ cause })}`
}

function rowText(row: UsageRow): string {
  const price = row.microUsd === undefined ? "" : `  ${money(row.microUsd)}`
  return `${count(tokensOf(row.usage))} tokens${price}  ${(row.modelMs / 1_000).toFixed(1)} s`
}

function firstToken({ firstTokenMs }: UsageRow): string {
  return firstTokenMs === undefined ? "" : `, the first token after ${(firstTokenMs / 1_000).toFixed(1)} s (median)`
}
