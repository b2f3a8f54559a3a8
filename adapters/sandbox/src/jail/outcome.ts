import { constants } from "node:os"

/** How a command ended, as its keeper tells it: four numbers on the status pipe. See `confine.c`. */
export type Outcome =
  | {
      readonly kind: "ended"
      readonly exitCode: number | null
      readonly signal: string | null
      readonly isLeft: boolean
    }
  | { readonly kind: "not-started"; readonly step: Step; readonly errno: number }
  /** Nobody told. */
  | { readonly kind: "lost" }

export const OUTCOME_BYTES = 16

const STEPS = [
  "host",
  "namespace",
  "proc",
  "mount",
  "process",
  "limit",
  "landlock",
  "capability",
  "folder",
  "seccomp",
  "program",
  "relay",
  "descriptor",
] as const
/** Where a start failed. */
export type Step = (typeof STEPS)[number]

const ENDED = 1
const NOT_STARTED = 2

export function outcomeOf(bytes: Uint8Array): Outcome {
  if (bytes.length < OUTCOME_BYTES) return { kind: "lost" }
  const [kind, code = 0, isLeft, step = 0] = new Int32Array(bytes.slice(0, OUTCOME_BYTES).buffer)
  if (kind === ENDED) {
    // See wait(2): the low seven bits are the signal, the next byte is the code.
    const signal = code & 0x7f
    const exitCode = signal === 0 ? (code >> 8) & 0xff : null
    return { kind: "ended", exitCode, signal: signal === 0 ? null : signalName(signal), isLeft: isLeft === 1 }
  }
  return kind === NOT_STARTED ? { kind: "not-started", step: STEPS[step] ?? "host", errno: code } : { kind: "lost" }
}

/** The port that a relay tells, in the same four numbers. */
export function portOf(bytes: Uint8Array): number | undefined {
  const [kind, port] = new Int32Array(bytes.slice(0, OUTCOME_BYTES).buffer)
  return kind === ENDED ? port : undefined
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `SIG${number}`
}

/** `ENOENT` …, of a number. */
export function errnoName(number: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`
}
