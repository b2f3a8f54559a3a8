/** One run of one agent, and what many runs come to. */
import type { Measured } from "./measure.ts"
import type { Scenario } from "./scenarios.ts"

export interface Sample extends Measured {
  readonly agent: string
  readonly scenario: Scenario["name"]
  readonly isMemoryRun: boolean
  /** Ended well, asked the mock exactly as often as the script says, and read what the files hold. */
  readonly isComplete: boolean
  /** Requests beside the script: titles, summaries. */
  readonly asides?: number
  /** Start of the process to its first request at the mock. */
  readonly firstRequestMs?: number
  readonly firstRequestBytes?: number
  /** The mock's answer to the next request, at the median of the run's steps. */
  readonly stepMs?: number
  /** The last byte of the last answer to the exit. */
  readonly tailMs?: number
}

export interface Figure {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly count: number
}

export type Metric = "wallMs" | "cpuMs" | "peakBytes" | "firstRequestMs" | "firstRequestBytes" | "stepMs" | "tailMs"

/** The figure of the calm, complete runs; nothing when there is none. Peaks come from memory runs, the rest never. */
export function figureOf(samples: readonly Sample[], metric: Metric): Figure | undefined {
  const fit = samples.filter((sample) => sample.isComplete && sample.isMemoryRun === (metric === "peakBytes"))
  const values = calm(fit).flatMap((sample) => sample[metric] ?? [])
  const sorted = values.toSorted((a, b) => a - b)
  const [least] = sorted
  const most = sorted.at(-1)
  if (least === undefined || most === undefined) return undefined
  return { median: medianOf(sorted), least, most, count: sorted.length }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2
}

/** Runs during which others used less than half a core; when those are fewer than five, the five calmest. */
function calm(samples: readonly Sample[]): readonly Sample[] {
  const sorted = samples.toSorted((a, b) => a.othersCores - b.othersCores)
  const undisturbed = sorted.filter((sample) => sample.othersCores < 0.5)
  return undisturbed.length >= 5 ? undisturbed : sorted.slice(0, 5)
}
