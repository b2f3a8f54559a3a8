import type { Usage, UsageReport, UsageRow } from "@skein/protocol"
import type { Line } from "@skein/term"
import { counted, durationText, longCount, moneyText, shareText, shortCount } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import type { Panel } from "../panel.ts"
import { pagePanel } from "./page.ts"
import { headingLine, type TableRow, tableLines } from "./table.ts"

/** Tokens, money and time: in all, by turn, model, day and session. */
export function costPanel(report: () => UsageReport): Panel {
  return pagePanel({ title: "cost", aside: () => asideOf(report()), lines: (look) => costLines(report(), look) })
}

function asideOf({ total: { microUsd, steps } }: UsageReport): string {
  return [...(microUsd === undefined ? [] : [moneyText(microUsd)]), counted(steps, "step")].join(" · ")
}

function costLines({ total, turns, models, days, sessions }: UsageReport, look: Look): Line[] {
  if (total.steps === 0) return [[{ text: "  Nothing was used yet.", style: look.theme.dim }]]
  return [
    ...tableLines(totalRows(total), look),
    ...part(
      "models",
      models.map((row) => tableRow(row.model, row)),
      look,
    ),
    ...part(
      "turns, newest first",
      turns.toReversed().map((row) => tableRow(row.preview, row)),
      look,
    ),
    ...part(
      "days",
      days.map((row) => tableRow(row.day, row)),
      look,
    ),
    ...part(
      "sessions",
      sessions.map((row) => tableRow(row.preview, row)),
      look,
    ),
  ]
}

function part(title: string, rows: readonly TableRow[], look: Look): Line[] {
  return rows.length === 0 ? [] : [[], headingLine(title, look), ...tableLines(rows, look)]
}

function totalRows({ usage, microUsd, modelMs, steps, firstTokenMs }: UsageRow): TableRow[] {
  const sent = sentTokens(usage)
  const first = firstTokenMs === undefined ? "" : `first token after ${durationText(firstTokenMs)}`
  return [
    { label: "spent", cells: ["", microUsd === undefined ? "not known: the model has no price" : moneyText(microUsd)] },
    { label: "sent", cells: [`${shareText(usage.cacheRead, sent)} from the cache`, `${longCount(sent)} tokens`] },
    {
      label: "answered",
      cells: [`${longCount(usage.reasoning)} of them thoughts`, `${longCount(usage.output)} tokens`],
    },
    { label: `models took, in ${counted(steps, "step")}`, cells: [first, durationText(modelMs)] },
  ]
}

/** Cache share, tokens, time, money. */
function tableRow(label: string, { usage, microUsd, modelMs }: UsageRow): TableRow {
  const sent = sentTokens(usage)
  const tokens = shortCount(sent + usage.output)
  return {
    label,
    cells: [
      `${shareText(usage.cacheRead, sent)} cached`,
      durationText(modelMs),
      tokens,
      microUsd === undefined ? "" : moneyText(microUsd),
    ],
  }
}

function sentTokens({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite
}
