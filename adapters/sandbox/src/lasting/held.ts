import { type ProcessExit, type RunningProcess, ToolFailure } from "@skein/core/ports"
import { settlesWithin } from "../reading.ts"
import type { Streams } from "./streams.ts"
import type { TerminalStreams } from "./terminal.ts"

export type ProcessSignal = Parameters<RunningProcess["signal"]>[0]

/** A process and everything that came of it, however it is held. */
export interface Held {
  /** To its group; after its end nobody hears it. */
  signal(name: ProcessSignal): void
  /** Resolves when nothing of it is left; with it the last of its output is there to be read. */
  readonly gone: Promise<ProcessExit>
}

/** From the request to end to SIGKILL. */
const END_GRACE_MS = 2_000
/** For the last bytes of what is gone. */
const DRAIN_MS = 500
/** Those that a terminal gives to whatever is in its foreground, as its keys do. */
const OF_THE_FOREGROUND = new Set<ProcessSignal>(["SIGINT", "SIGQUIT"])

/** What the port promises of a running process. `tidyUp` comes last, before anybody hears of the end. */
export function runningProcess(
  { held, streams, confinement }: { held: Held; streams: Streams | TerminalStreams; confinement: string },
  tidyUp: (exit: ProcessExit) => Promise<ProcessExit>,
): RunningProcess {
  let isOver = false
  const exited = held.gone.then(async (exit) => {
    isOver = true
    await streams.finish(DRAIN_MS)
    return tidyUp(exit)
  })
  const terminal = "resize" in streams ? streams : undefined
  const signal = (name: ProcessSignal) => {
    if (isOver) return
    if (OF_THE_FOREGROUND.has(name) && terminal?.signalForeground(name) === true) return
    held.signal(name)
  }
  return {
    confinement,
    async write(bytes) {
      if (isOver) throw new ToolFailure("It has ended.")
      await streams.write(bytes)
    },
    closeInput: () => {
      if (!isOver) streams.closeInput()
    },
    resize: (columns, rows) => {
      if (!isOver) terminal?.resize(columns, rows)
    },
    signal,
    exited,
    async end() {
      // An interactive shell does not hear SIGTERM; when its terminal goes, it ends, and its jobs with it.
      signal(terminal === undefined ? "SIGTERM" : "SIGHUP")
      if (!(await settlesWithin(exited, END_GRACE_MS))) signal("SIGKILL")
      return exited
    },
  }
}
