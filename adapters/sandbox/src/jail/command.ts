import { closeSync, constants, openSync, readSync, writeSync } from "node:fs"
import type { Collector } from "../output.ts"
import { openPipe } from "../pipe.ts"
import { readAll, settlesWithin } from "../reading.ts"
import type { JailHost } from "./host.ts"
import { OUTCOME_BYTES, type Outcome, outcomeOf } from "./outcome.ts"
import type { TimeLimit } from "./time-limit.ts"

export interface Jailed {
  readonly request: Uint8Array
  readonly limit: TimeLimit
  readonly signal: AbortSignal
  /** Takes both streams; without one the command has ours, and our standard input. */
  readonly collector?: Collector | undefined
}

export interface JailedEnd {
  readonly outcome: Outcome
  /** Why it was ended before its time. */
  readonly stopped?: { readonly why: "timeout" | "abort"; readonly signal: "SIGTERM" | "SIGKILL" } | undefined
}

/** From SIGTERM to SIGKILL. */
const ABORT_GRACE_MS = 80
const TIMEOUT_GRACE_MS = 400
/** A process in the kernel's hands does not die of SIGKILL at once; nobody waits for it. */
const KILL_MS = 2_500

/** Runs one command in a host. Undefined when the host is gone and nothing was started. */
export async function runJailed(host: JailHost, jailed: Jailed): Promise<JailedEnd | undefined> {
  const status = await openPipe()
  const control = await openPipe()
  const output = jailed.collector === undefined ? undefined : await openPipe()
  const input = openSync("/dev/null", constants.O_RDONLY)
  const theirs = [input, status.write, control.read, ...(output === undefined ? [] : [output.write])]
  const streams = output === undefined ? [0, 1, 2] : [input, output.write, output.write]
  const ours = [status.read, control.write]
  try {
    const isSent = await host.send(jailed.request, [...streams, status.write, control.read])
    for (const fd of theirs.splice(0)) closeSync(fd)
    if (!isSent) {
      if (output !== undefined) closeSync(output.read)
      return undefined
    }
    const over = output === undefined ? statusEnd(status.read) : outputEnd(output.read, jailed.collector)
    const stopped = await stopping(over.done, control.write, jailed)
    await over.close()
    // A keeper tells before it lets go of the output, so this is there, or never will be.
    return { outcome: stopped?.isStuck === true ? { kind: "lost" } : over.outcome(status.read), stopped }
  } finally {
    for (const fd of [...theirs, ...ours]) closeSync(fd)
  }
}

interface End {
  readonly done: Promise<unknown>
  close(): Promise<void>
  outcome(status: number): Outcome
}

/** The end of a command whose output we read: nobody has the other end of it any more. */
function outputEnd(fd: number, collector: Collector | undefined): End {
  const reading = readAll(fd, async (bytes) => collector?.add(bytes))
  return {
    done: reading.done,
    async close() {
      await reading.stop()
      closeSync(fd)
    },
    outcome(status) {
      const bytes = new Uint8Array(OUTCOME_BYTES)
      return outcomeOf(bytes.subarray(0, readSync(status, bytes)))
    },
  }
}

/** The end of a command that has our own streams. */
function statusEnd(fd: number): End {
  const told: Uint8Array[] = []
  const reading = readAll(fd, async (bytes) => void told.push(bytes))
  return { done: reading.done, close: () => reading.stop(), outcome: () => outcomeOf(Buffer.concat(told)) }
}

/** Ends the command when the time is over or the signal says so: SIGTERM to its group, SIGKILL to all after a grace. */
async function stopping(over: Promise<unknown>, control: number, { signal, limit }: Jailed) {
  const stop = Promise.withResolvers<"timeout" | "abort">()
  const onAbort = () => stop.resolve("abort")
  if (signal.aborted) onAbort()
  signal.addEventListener("abort", onAbort, { once: true })
  void limit.begin().then(() => stop.resolve("timeout"))
  try {
    const why = await Promise.race([over.then(() => undefined), stop.promise])
    if (why === undefined) return undefined
    tell(control, "T")
    if (await settlesWithin(over, why === "abort" ? ABORT_GRACE_MS : TIMEOUT_GRACE_MS))
      return { why, signal: "SIGTERM", isStuck: false } as const
    tell(control, "K")
    return { why, signal: "SIGKILL", isStuck: !(await settlesWithin(over, KILL_MS)) } as const
  } finally {
    limit.end()
    signal.removeEventListener("abort", onAbort)
  }
}

/** A keeper that is gone hears nothing, and needs to hear nothing. */
function tell(control: number, word: "T" | "K"): void {
  try {
    writeSync(control, word)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error
  }
}
