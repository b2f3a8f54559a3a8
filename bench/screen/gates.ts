/** What skein promises of its screen, as ratios taken in the same run. */
import type { Gate } from "../gates.ts"
import { type ScreenMetric, type ScreenSample, screenFigureOf } from "./samples.ts"

/** What a run has given; `agents` were there and chosen, `peers` are those of them to compare with. */
export interface ScreenOutcome {
  readonly samples: readonly ScreenSample[]
  readonly agents: readonly string[]
  readonly peers: readonly string[]
}

const IDLE_PERCENT_MAX = 0.1

/** Columns in which nobody is to be better. */
const FIRST_IN: readonly (readonly [ScreenMetric, string])[] = [
  ["paintMs", "first paint"],
  ["echoMs", "echo"],
  ["idleBytes", "idle memory"],
  ["keyMs", "echo after key"],
  ["keyLateMs", "echo after key, p99"],
  ["pacedCpuMs", "1,000 tokens"],
  ["againShownMs", "1,000 messages, last answer"],
  ["againEchoMs", "1,000 messages, echo"],
  ["againMs", "1,000 messages, both"],
  ["againBytes", "1,000 messages, memory"],
]

/** What was promised of the screen, and whether the samples keep it. */
export function screenGatesOf(outcome: ScreenOutcome): Gate[] {
  return [
    ratio(outcome, "first paint", "paintMs", "codex", 0.5),
    ratio(outcome, "echo", "echoMs", "codex", 0.45),
    ratio(outcome, "idle memory", "idleBytes", "pi", 0.3),
    ratio(outcome, "echo after key", "keyMs", "pi", 0.6),
    ratio(outcome, "1,000 tokens: CPU", "pacedCpuMs", "pi", 0.3),
    most(outcome, `idle CPU <= ${IDLE_PERCENT_MAX} %`, "idlePercent", IDLE_PERCENT_MAX, "%"),
    most(outcome, "nothing written when idle", "idlePainted", 0, "bytes"),
    ...FIRST_IN.map(([metric, title]) => first(outcome, title, metric)),
  ]
}

function ratio(outcome: ScreenOutcome, title: string, metric: ScreenMetric, other: string, limit: number): Gate {
  const name = `${title} <= ${limit} x ${other}`
  const ours = median(outcome, "skein", metric)
  const theirs = median(outcome, other, metric)
  if (ours === undefined || theirs === undefined) return missing(name, outcome, ["skein", other])
  const reason = `${shown(metric, ours)} / ${shown(metric, theirs)} = ${(ours / theirs).toFixed(2)}`
  return { name, verdict: ours / theirs <= limit ? "PASS" : "FAIL", reason }
}

function most(outcome: ScreenOutcome, name: string, metric: ScreenMetric, limit: number, unit: string): Gate {
  const ours = median(outcome, "skein", metric)
  if (ours === undefined) return missing(name, outcome, ["skein"])
  return { name, verdict: ours <= limit ? "PASS" : "FAIL", reason: `${ours.toFixed(ours < 10 ? 2 : 0)} ${unit}` }
}

function first(outcome: ScreenOutcome, title: string, metric: ScreenMetric): Gate {
  const name = `${title}: first of all`
  const ours = median(outcome, "skein", metric)
  const [best] = outcome.peers
    .flatMap((peer) => {
      const value = median(outcome, peer, metric)
      return value === undefined ? [] : [{ peer, value }]
    })
    .toSorted((a, b) => a.value - b.value)
  if (ours === undefined) return missing(name, outcome, ["skein"])
  if (best === undefined) return missing(name, outcome, ["any peer"])
  const reason = `${shown(metric, ours)} / ${shown(metric, best.value)} (${best.peer})`
  if (ours > best.value) return { name, verdict: "FAIL", reason }
  const failed = outcome.peers.filter((peer) => hasFailed(outcome, peer, metric))
  if (failed.length > 0) return { name, verdict: "SKIP", reason: `${reason}; no figure of ${failed.join(", ")}` }
  return { name, verdict: "PASS", reason }
}

/** Whoever was run where the others were measured, and gave no figure, may be the better one. */
function hasFailed(outcome: ScreenOutcome, peer: string, metric: ScreenMetric): boolean {
  if (median(outcome, peer, metric) !== undefined) return false
  const scenarios = new Set(outcome.samples.flatMap((one) => (one[metric] === undefined ? [] : [one.scenario])))
  return outcome.samples.some(({ agent, scenario, failure }) => {
    return agent === peer && failure !== undefined && scenarios.has(scenario)
  })
}

/** A skein that was run and gave no figure has failed; what was not there is skipped. */
function missing(name: string, outcome: ScreenOutcome, needed: readonly string[]): Gate {
  const failure = outcome.samples.find((sample) => sample.agent === "skein" && sample.failure !== undefined)?.failure
  if (failure !== undefined) return { name, verdict: "FAIL", reason: `skein: ${failure}` }
  const absent = needed.filter((agent) => !outcome.agents.includes(agent))
  const reason = absent.length > 0 ? `not there, or not chosen: ${absent.join(", ")}` : "not chosen, or no figure"
  return { name, verdict: "SKIP", reason }
}

function median({ samples }: ScreenOutcome, agent: string, metric: ScreenMetric): number | undefined {
  return screenFigureOf(samples, agent, metric)?.median
}

function shown(metric: ScreenMetric, value: number): string {
  if (metric.endsWith("Bytes")) return `${(value / 1e6).toFixed(0)} MB`
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
