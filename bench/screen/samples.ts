/** What is measured of a screen, and what many runs come to. */
import { type Figure, medianOf } from "../samples.ts"

export type ScreenScenario = "start" | "idle" | "paced" | "again"

/** Every metric belongs to one scenario. */
export interface ScreenFigures {
  /** Start of the process to the first character on the screen. */
  readonly paintMs?: number
  /** Start to a typed character being on the screen. */
  readonly echoMs?: number
  /** Resident memory of the whole tree five seconds after. */
  readonly idleBytes?: number
  /** Percent of one core over ten seconds without input. */
  readonly idlePercent?: number
  /** Painted in these ten seconds. */
  readonly idlePainted?: number
  /** Times a second that something in it woke up. */
  readonly idleWakeups?: number
  /** A key to its character on the screen, median of a sitting. */
  readonly keyMs?: number
  /** The 99th percentile of the same keys; one that was never seen took as long as it was waited for. */
  readonly keyLateMs?: number
  /** Processor time of the whole tree while an answer of 1,000 tokens comes at 100 a second. */
  readonly pacedCpuMs?: number
  readonly pacedPainted?: number
  /** Start with a session of 1,000 messages until its last answer is on the screen. */
  readonly againShownMs?: number
  /** The same start until a typed character is. */
  readonly againEchoMs?: number
  /** The same start until both are: the later of the two. */
  readonly againMs?: number
  readonly againBytes?: number
}

export type ScreenMetric = keyof ScreenFigures

/** What one run of one agent at a terminal measured. */
export interface ScreenSample extends ScreenFigures {
  readonly agent: string
  readonly scenario: ScreenScenario
  /** Why there are no figures. */
  readonly failure?: string
  /** Cores that everything else on the machine used meanwhile. */
  readonly othersCores: number
}

/** Of the calm runs; when fewer than three are, of the three calmest. */
export function screenFigureOf(
  samples: readonly ScreenSample[],
  agent: string,
  metric: ScreenMetric,
): Figure | undefined {
  const runs = samples.filter((sample) => sample.agent === agent && sample[metric] !== undefined)
  const sorted = runs.toSorted((a, b) => a.othersCores - b.othersCores)
  const calm = sorted.filter((sample) => sample.othersCores < 0.5)
  const values = (calm.length >= 3 ? calm : sorted.slice(0, 3)).flatMap((sample) => sample[metric] ?? [])
  if (values.length === 0) return undefined
  return { median: medianOf(values), least: Math.min(...values), most: Math.max(...values), count: values.length }
}
