import type { Caret, Size } from "../frame.ts"
import type { Finding } from "./findings.ts"
import { contradicted, type KeptRecording } from "./replay.ts"
import type { Step } from "./steps.ts"

/** What one step came to. */
export interface StepEvidence {
  readonly step: Step
  readonly status: "done" | "failed"
  readonly reason?: string
  readonly tookMs: number
  /** Written by the program meanwhile. */
  readonly bytes: number
  readonly frames: number
}

/** Of one kind of measurement, each in the unit of what was measured. */
export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

/** What a scripted run of the terminal app showed. It is a file that can be judged without the program: `wrongIn`. */
export interface Evidence {
  readonly version: 1
  /** Something was painted, every step was done, and there are no findings. */
  readonly isOk: boolean
  readonly size: Size
  /** The alternate screen and the mouse were meant to be used. */
  readonly isFullScreen: boolean
  /** From the start to the first character on the screen; absent when there was none. */
  readonly paintMs?: number
  /** Absent when the program had to be ended. */
  readonly exitCode?: number
  readonly tookMs: number
  readonly steps: readonly StepEvidence[]
  readonly bytes: number
  readonly frames: number
  readonly largestFrameBytes: number
  /** From each character that was typed to the screen that shows it; of one that was not shown, how long it was waited for. */
  readonly latenciesMs: readonly number[]
  readonly latency: Percentiles
  readonly findings: readonly Finding[]
  readonly snapshots: Readonly<Record<string, readonly string[]>>
  /** Before the program was ended. */
  readonly screen: {
    readonly lines: readonly string[]
    readonly caret: Caret & { readonly isShown: boolean }
    readonly scrollback: readonly string[]
    /** How much of the recording it shows; absent where another terminal than our emulator showed it. */
    readonly entries?: number
  }
  /** All that was written, so that everything above can be found out again. */
  readonly recording: KeptRecording
}

/** Nearest rank. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }
}

/** What contradicts itself in a file of evidence: nothing when it is whole. */
export function wrongIn(value: unknown): string[] {
  if (!isEvidence(value)) return ["It is no evidence of version 1."]
  const wrong: string[] = []
  const must = (isSo: boolean, what: string) => {
    if (!isSo) wrong.push(what)
  }
  const failed = value.steps.filter(({ status }) => status === "failed")
  const isOk = value.paintMs !== undefined && failed.length === 0 && value.findings.length === 0
  must(value.isOk === isOk, `isOk is ${value.isOk}, its steps and findings say ${isOk}.`)
  must(
    failed.every((step, index) => index === failed.length - 1 && step === value.steps.at(-1)),
    "Steps go on after one that failed.",
  )
  must(
    failed.every(({ reason }) => reason !== undefined),
    "A failed step has no reason.",
  )
  const stepBytes = value.steps.reduce((sum, { bytes }) => sum + bytes, 0)
  must(stepBytes <= value.bytes, `The steps have ${stepBytes} bytes, all of it only ${value.bytes}.`)
  must(value.largestFrameBytes <= value.bytes, "One frame has more bytes than all of it.")
  must(
    JSON.stringify(percentilesOf(value.latenciesMs)) === JSON.stringify(value.latency),
    "The percentiles are not those of the latencies.",
  )
  must(
    (value.exitCode === undefined) === value.findings.some(({ kind }) => kind === "goes_on"),
    "Whether it ended, its exit code and its findings say otherwise.",
  )
  must(
    value.latenciesMs.every((ms) => ms >= 0 && ms <= value.tookMs),
    "A latency is longer than the run.",
  )
  must(value.screen.lines.every(isText), "A line of the screen is no text.")
  for (const { step, status } of value.steps) {
    if (step.kind === "snapshot" && status === "done")
      must(value.snapshots[step.name] !== undefined, `There is no snapshot ${step.name}.`)
  }
  return [...wrong, ...contradicted(value)]
}

function isEvidence(value: unknown): value is Evidence {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.screen) || !isRecord(value.size)) return false
  const isCounted = [value.tookMs, value.bytes, value.frames, value.largestFrameBytes].every(Number.isFinite)
  const isListed = [value.latenciesMs, value.findings, value.screen.lines, value.screen.scrollback].every(Array.isArray)
  const isStepped = Array.isArray(value.steps) && value.steps.every((step) => isRecord(step) && isRecord(step.step))
  const isRecorded = isRecord(value.recording) && isRecord(value.recording.size) && hasEntries(value.recording.entries)
  return isRecorded && isCounted && isListed && isStepped && isRecord(value.latency) && isRecord(value.snapshots)
}

function hasEntries(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false
  return entries.every((entry) => isRecord(entry) && (typeof entry.base64 === "string" || isRecord(entry.size)))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isText(value: unknown): boolean {
  return typeof value === "string"
}
