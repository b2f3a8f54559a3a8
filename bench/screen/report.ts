/** Samples of screens as a table: a row for each agent, the columns of all scenarios that were run. */
import { aligned } from "../report.ts"
import type { Figure } from "../samples.ts"
import { type ScreenMetric, type ScreenSample, type ScreenScenario, screenFigureOf } from "./samples.ts"

interface Column {
  readonly title: string
  readonly metric: ScreenMetric
  readonly unit: number
}

const COLUMNS: Readonly<Record<ScreenScenario, { readonly title: string; readonly columns: readonly Column[] }>> = {
  start: {
    title: "start, 120x40",
    columns: [
      { title: "first paint ms", metric: "paintMs", unit: 1 },
      { title: "echo ms", metric: "echoMs", unit: 1 },
    ],
  },
  idle: {
    title: "idle, 5 s later for 10 s; then 20 keys",
    columns: [
      { title: "memory MB", metric: "idleBytes", unit: 1e6 },
      { title: "CPU %", metric: "idlePercent", unit: 1 },
      { title: "wake-ups/s", metric: "idleWakeups", unit: 1 },
      { title: "bytes painted", metric: "idlePainted", unit: 1 },
      { title: "echo after key ms", metric: "keyMs", unit: 1 },
      { title: "p99 ms", metric: "keyLateMs", unit: 1 },
    ],
  },
  paced: {
    title: "1,000 tokens at 100 a second",
    columns: [
      { title: "CPU s", metric: "pacedCpuMs", unit: 1000 },
      { title: "kB painted", metric: "pacedPainted", unit: 1000 },
    ],
  },
  again: {
    title: "going on with 1,000 messages",
    columns: [
      { title: "last answer ms", metric: "againShownMs", unit: 1 },
      { title: "echo ms", metric: "againEchoMs", unit: 1 },
      { title: "both ms", metric: "againMs", unit: 1 },
      { title: "memory MB", metric: "againBytes", unit: 1e6 },
    ],
  },
}

/** Medians with [least-most]. */
export function screenTable(
  scenario: ScreenScenario,
  samples: readonly ScreenSample[],
  agents: readonly string[],
): string {
  const { title, columns } = COLUMNS[scenario]
  const lines = agents.flatMap((agent) => {
    const runs = samples.filter((sample) => sample.agent === agent && sample.scenario === scenario)
    if (runs.length === 0) return []
    const figures = columns.map(({ metric, unit }) => written(screenFigureOf(runs, agent, metric), unit))
    return [[agent, ...figures, notesOf(runs)]]
  })
  return [`== ${title}`, ...aligned([["agent", ...columns.map((column) => column.title), "runs"], ...lines])].join("\n")
}

function written(figure: Figure | undefined, unit: number): string {
  if (figure === undefined) return "-"
  const median = figure.median / unit
  const digits = median < 1 ? 2 : median < 10 ? 1 : 0
  const [least, most] = [figure.least, figure.most].map((value) => (value / unit).toFixed(digits))
  return least === most ? median.toFixed(digits) : `${median.toFixed(digits)} [${least}-${most}]`
}

function notesOf(runs: readonly ScreenSample[]): string {
  const failures = runs.flatMap(({ failure }) => failure ?? [])
  const others = Math.min(...runs.map(({ othersCores }) => othersCores)).toFixed(1)
  return [`${runs.length - failures.length}/${runs.length}`, `others ${others}`, ...failures.slice(0, 1)].join("  ")
}
