/** What skein promises to stay under, as ratios taken in the same run. */
import { figureOf, type Metric, type Sample } from "./samples.ts"
import { SCENARIOS, type Scenario } from "./scenarios.ts"

export interface Gate {
  readonly name: string
  readonly verdict: "PASS" | "FAIL" | "SKIP"
  /** The numbers, or why there are none. */
  readonly reason: string
}

/** What a run has given. `installed`: the agents that were there and chosen; `peers`: those of them to compare with. */
export interface Outcome {
  readonly samples: readonly Sample[]
  readonly installed: readonly string[]
  readonly peers: readonly string[]
}

const FIRST_REQUEST_BYTES_MAX = 10_000
const MEMORY_RATIO_MAX = 0.4

export function gatesOf(outcome: Outcome): Gate[] {
  return [
    ratio(outcome, "version", "cpuMs", "hello", 1.5),
    turnBesideFloor(outcome),
    ratio(outcome, "turn", "wallMs", "codex", 0.3),
    ratio(outcome, "turn", "cpuMs", "codex", 0.3),
    ratio(outcome, "stream", "cpuMs", "codex", 0.3),
    ratio(outcome, "fifty", "wallMs", "pi", 0.35),
    memory(outcome, "turn"),
    memory(outcome, "call"),
    memory(outcome, "fifty"),
    memory(outcome, "stream"),
    firstRequest(outcome),
  ]
}

function ratio(outcome: Outcome, scenario: Scenario["name"], metric: Metric, other: string, most: number): Gate {
  const name = `${titleOf(scenario)}: ${metric === "wallMs" ? "wall" : "CPU"} <= ${most} x ${other}`
  const ours = medianIn(outcome, "skein", scenario, metric)
  const theirs = medianIn(outcome, other, scenario, metric)
  if (ours === undefined || theirs === undefined) return missing(name, outcome, scenario, ["skein", other])
  return judged(name, ours / theirs <= most, `${ms(ours)} / ${ms(theirs)} ms = ${(ours / theirs).toFixed(2)}`)
}

const TURN_RATIO_MAX = 10

/** What a turn costs beside the least that any program of this runtime does: no peer is needed to see that it grew. */
function turnBesideFloor(outcome: Outcome): Gate {
  const name = `one turn: CPU <= ${TURN_RATIO_MAX} x hello's start`
  const ours = medianIn(outcome, "skein", "turn", "cpuMs")
  const floor = medianIn(outcome, "hello", "version", "cpuMs")
  if (ours === undefined) return missing(name, outcome, "turn", ["skein"])
  if (floor === undefined) return missing(name, outcome, "version", ["hello"])
  return judged(name, ours / floor <= TURN_RATIO_MAX, `${ms(ours)} / ${ms(floor)} ms = ${(ours / floor).toFixed(2)}`)
}

/** Against the peer that needs the least in this scenario. */
function memory(outcome: Outcome, scenario: Scenario["name"]): Gate {
  const name = `${titleOf(scenario)}: memory <= ${MEMORY_RATIO_MAX} x lowest peer`
  const ours = medianIn(outcome, "skein", scenario, "peakBytes")
  const [lowest] = outcome.peers
    .map((peer) => ({ peer, bytes: medianIn(outcome, peer, scenario, "peakBytes") ?? Number.POSITIVE_INFINITY }))
    .toSorted((a, b) => a.bytes - b.bytes)
  if (lowest === undefined) return missing(name, outcome, scenario, ["skein", "any peer"])
  if (ours === undefined || !Number.isFinite(lowest.bytes)) {
    return missing(name, outcome, scenario, ["skein", lowest.peer])
  }
  const reason = `${mb(ours)} / ${mb(lowest.bytes)} MB (${lowest.peer}) = ${(ours / lowest.bytes).toFixed(2)}`
  return judged(name, ours / lowest.bytes <= MEMORY_RATIO_MAX, reason)
}

function firstRequest(outcome: Outcome): Gate {
  const name = `first request <= ${FIRST_REQUEST_BYTES_MAX / 1000} kB`
  const bytes = medianIn(outcome, "skein", "turn", "firstRequestBytes")
  if (bytes === undefined) return missing(name, outcome, "turn", ["skein"])
  return judged(name, bytes <= FIRST_REQUEST_BYTES_MAX, `${(bytes / 1000).toFixed(1)} kB`)
}

function medianIn(outcome: Outcome, agent: string, scenario: Scenario["name"], metric: Metric): number | undefined {
  const runs = outcome.samples.filter((sample) => sample.agent === agent && sample.scenario === scenario)
  return figureOf(runs, metric)?.median
}

/** A run of skein that did not end well is no reason to look away. */
function hasFailed({ samples }: Outcome, scenario: Scenario["name"]): boolean {
  const runs = samples.filter((sample) => sample.agent === "skein" && sample.scenario === scenario)
  return runs.length > 0 && !runs.some((sample) => sample.isComplete)
}

function judged(name: string, isKept: boolean, reason: string): Gate {
  return { name, verdict: isKept ? "PASS" : "FAIL", reason }
}

function missing(name: string, outcome: Outcome, scenario: Scenario["name"], needed: readonly string[]): Gate {
  if (hasFailed(outcome, scenario)) return { name, verdict: "FAIL", reason: "skein did not complete it" }
  const { installed } = outcome
  const absent = needed.filter((agent) => !installed.includes(agent))
  const reason =
    absent.length > 0
      ? `not installed, or not chosen: ${absent.join(", ")}`
      : `not chosen, or no complete run of ${needed.join(" and ")}`
  return { name, verdict: "SKIP", reason }
}

function titleOf(scenario: Scenario["name"]): string {
  return SCENARIOS.find(({ name }) => name === scenario)?.title ?? scenario
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
