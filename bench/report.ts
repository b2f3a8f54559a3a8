/** Samples as text: one table a scenario, then the gates. */

import type { Gate } from "./gates.ts"
import { type Figure, figureOf, type Metric, type Sample } from "./samples.ts"
import type { Scenario } from "./scenarios.ts"

interface Column {
  readonly title: string
  readonly metric: Metric
  readonly unit: number
  readonly isForAsking: boolean
}

const COLUMNS: readonly Column[] = [
  { title: "wall ms", metric: "wallMs", unit: 1, isForAsking: false },
  { title: "CPU ms", metric: "cpuMs", unit: 1, isForAsking: false },
  { title: "peak MB", metric: "peakBytes", unit: 1e6, isForAsking: false },
  { title: "1st request ms", metric: "firstRequestMs", unit: 1, isForAsking: true },
  { title: "1st request kB", metric: "firstRequestBytes", unit: 1e3, isForAsking: true },
  { title: "per step ms", metric: "stepMs", unit: 1, isForAsking: true },
  { title: "answer->exit ms", metric: "tailMs", unit: 1, isForAsking: true },
]

/** Medians with [least-most]; `x skein` is wall and CPU as multiples of skein's. */
export function tableOf(scenario: Scenario, samples: readonly Sample[], agents: readonly string[]): string {
  const ours = rowsOf(samples, scenario, "skein")
  const columns = COLUMNS.filter(({ isForAsking }) => scenario.asks !== undefined || !isForAsking)
  const head = ["agent", ...columns.map(({ title }) => title), "x skein wall/CPU", "runs"]
  const lines = agents.flatMap((agent) => {
    const runs = rowsOf(samples, scenario, agent)
    if (runs.length === 0) return []
    const figures = columns.map(({ metric, unit }) => written(figureOf(runs, metric), unit))
    return [[agent, ...figures, `${times(runs, ours, "wallMs")} / ${times(runs, ours, "cpuMs")}`, countOf(runs)]]
  })
  return [`== ${scenario.title}`, ...aligned([head, ...lines])].join("\n")
}

export function gateLines(gates: readonly Gate[]): string {
  return aligned(gates.map(({ verdict, name, reason }) => [verdict, name, reason])).join("\n")
}

function rowsOf(samples: readonly Sample[], scenario: Scenario, agent: string): readonly Sample[] {
  return samples.filter((sample) => sample.scenario === scenario.name && sample.agent === agent)
}

function written(figure: Figure | undefined, unit: number): string {
  if (figure === undefined) return "-"
  const digits = figure.median / unit < 10 ? 1 : 0
  const [median, least, most] = [figure.median, figure.least, figure.most].map((value) =>
    (value / unit).toFixed(digits),
  )
  return least === most ? `${median}` : `${median} [${least}-${most}]`
}

function times(runs: readonly Sample[], ours: readonly Sample[], metric: Metric): string {
  const [theirs, own] = [figureOf(runs, metric)?.median, figureOf(ours, metric)?.median]
  return theirs === undefined || own === undefined ? "-" : (theirs / own).toFixed(1)
}

/** Runs kept of runs made, what the others on the machine used, and what went wrong. */
function countOf(runs: readonly Sample[]): string {
  const timed = runs.filter((run) => !run.isMemoryRun)
  const failed = runs.filter((run) => !run.isComplete).length
  const asides = runs.at(-1)?.asides ?? 0
  return [
    `${figureOf(runs, "wallMs")?.count ?? 0}/${timed.length}`,
    ...(asides > 0 ? [`asides ${asides}`] : []),
    ...(failed > 0 ? [`INCOMPLETE ${failed}/${runs.length}`] : []),
  ].join(" ")
}

export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}
