/** What skein promises to stay under, as ratios taken in the same run. */
import { figureOf, type Metric, type Sample } from "./samples.ts"
import { SCENARIOS, type Scenario } from "./scenarios.ts"

export interface Gate {
  readonly name: string
  readonly verdict: "PASS" | "FAIL" | "SKIP"
  /** The numbers, or why there are none. */
  readonly reason: string
}

const FIRST_REQUEST_BYTES_MAX = 10_000
const MEMORY_RATIO_MAX = 0.4

export function gatesOf(samples: readonly Sample[], peers: readonly string[]): Gate[] {
  return [
    ratio(samples, "version", "cpuMs", "hello", 1.5),
    ratio(samples, "turn", "wallMs", "codex", 0.3),
    ratio(samples, "turn", "cpuMs", "codex", 0.3),
    ratio(samples, "stream", "cpuMs", "codex", 0.3),
    ratio(samples, "fifty", "wallMs", "pi", 0.35),
    ...SCENARIOS.filter((scenario) => scenario.asks !== undefined).map((scenario) =>
      memory(samples, scenario.name, peers),
    ),
    firstRequest(samples),
  ]
}

function ratio(
  samples: readonly Sample[],
  scenario: Scenario["name"],
  metric: Metric,
  other: string,
  most: number,
): Gate {
  const word = metric === "wallMs" ? "wall" : "CPU"
  const name = `${titleOf(scenario)}: ${word} <= ${most} x ${other}`
  const ours = medianIn(samples, "skein", scenario, metric)
  const theirs = medianIn(samples, other, scenario, metric)
  if (ours === undefined) return skipped(name, "skein")
  if (theirs === undefined) return skipped(name, other)
  return judged(name, ours / theirs <= most, `${ms(ours)} / ${ms(theirs)} ms = ${(ours / theirs).toFixed(2)}`)
}

/** Against the peer that needs the least in this scenario. */
function memory(samples: readonly Sample[], scenario: Scenario["name"], peers: readonly string[]): Gate {
  const name = `${titleOf(scenario)}: memory <= ${MEMORY_RATIO_MAX} x lowest peer`
  const ours = medianIn(samples, "skein", scenario, "peakBytes")
  const theirs = peers
    .map((peer) => ({ peer, bytes: medianIn(samples, peer, scenario, "peakBytes") ?? Number.POSITIVE_INFINITY }))
    .toSorted((a, b) => a.bytes - b.bytes)[0]
  if (ours === undefined) return skipped(name, "skein")
  if (theirs === undefined || theirs.bytes === Number.POSITIVE_INFINITY) return skipped(name, "any peer")
  const reason = `${mb(ours)} / ${mb(theirs.bytes)} MB (${theirs.peer}) = ${(ours / theirs.bytes).toFixed(2)}`
  return judged(name, ours / theirs.bytes <= MEMORY_RATIO_MAX, reason)
}

function firstRequest(samples: readonly Sample[]): Gate {
  const name = `first request <= ${FIRST_REQUEST_BYTES_MAX / 1000} kB`
  const bytes = medianIn(samples, "skein", "turn", "firstRequestBytes")
  if (bytes === undefined) return skipped(name, "skein")
  return judged(name, bytes <= FIRST_REQUEST_BYTES_MAX, `${(bytes / 1000).toFixed(1)} kB`)
}

function medianIn(
  samples: readonly Sample[],
  agent: string,
  scenario: Scenario["name"],
  metric: Metric,
): number | undefined {
  const fit = samples.filter((sample) => sample.agent === agent && sample.scenario === scenario)
  return figureOf(fit, metric)?.median
}

function judged(name: string, isKept: boolean, reason: string): Gate {
  return { name, verdict: isKept ? "PASS" : "FAIL", reason }
}

function skipped(name: string, agent: string): Gate {
  return { name, verdict: "SKIP", reason: `no complete run of ${agent}: not installed, not chosen, or it failed` }
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
