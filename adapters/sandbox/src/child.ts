import { closeSync } from "node:fs"
import { ToolFailure } from "@skein/core/ports"
import type { Collector } from "./output.ts"
import { openPipe } from "./pipe.ts"
import { leftBehind, signal as send, startOf, type Trace } from "./processes.ts"
import { readAll, settlesWithin } from "./reading.ts"

export interface ChildRequest {
  readonly argv: string[]
  readonly cwd: string
  readonly env: Record<string, string>
  /** Stands in the child's environment and in its watcher's arguments. */
  readonly mark: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly untimed?: AbortSignal | undefined
  readonly collector: Collector
}

export interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly isTimedOut: boolean
  readonly isGroupLeftBehind: boolean
}

/** From SIGTERM to SIGKILL. */
const ABORT_GRACE_MS = 80
const TIMEOUT_GRACE_MS = 400
/** For the last bytes of processes that are only finishing, and for those of processes that were just killed. */
const DRAIN_MS = 150
const DRAIN_KILLED_MS = 60
const FINISHING_ROUNDS = 3
const FINISHING_MS = 20
const KILL_ROUNDS = 10
/** A process in the kernel's hands does not die of SIGKILL at once; nobody waits for it. */
const KILL_MS = 300

/** Runs one child in a group of its own, reads both its streams from one pipe, and leaves nothing of it behind. */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const output = await openPipe()
  const side = await openPipe()
  const child = (() => {
    try {
      return Bun.spawn(request.argv, {
        cwd: request.cwd,
        env: request.env,
        stdio: [side.read, output.write, output.write],
        detached: true,
      })
    } catch (error) {
      for (const fd of [output.read, side.read, side.write]) closeSync(fd)
      throw (error as NodeJS.ErrnoException).code === "E2BIG" ? tooLong(error) : error
    } finally {
      closeSync(output.write)
    }
  })()
  closeSync(side.read)
  const since = startOf(child.pid)
  const reading = readAll(output.read, (bytes) => request.collector.add(bytes))
  try {
    const stopping = stopper(child.pid, request)
    const stopped = await stopping.until(child.exited)
    const isDrained = await reading.within(stopped === undefined ? DRAIN_MS : DRAIN_KILLED_MS)
    const hadRest = await killRest({ group: child.pid, mark: request.mark, since })
    if (!isDrained) await reading.within(DRAIN_KILLED_MS)
    return {
      exitCode: stopped === undefined ? child.exitCode : null,
      signal: stopped?.signal ?? (child.signalCode === null ? null : String(child.signalCode)),
      isTimedOut: stopped?.why === "timeout",
      isGroupLeftBehind: stopped === undefined && hadRest,
    }
  } finally {
    await reading.stop()
    closeSync(output.read)
    closeSync(side.write)
  }
}

/** Linux takes 128 KiB in one argument, whatever the characters; see execve(2). */
export function tooLong(cause?: unknown): ToolFailure {
  return new ToolFailure(
    "The command is too long for the system, which takes 128 KiB. It did not run. Write a file, and run or read that.",
    { cause },
  )
}

interface Stopped {
  readonly why: "timeout" | "abort"
  readonly signal: "SIGTERM" | "SIGKILL"
}

/** Ends the child's group when the time is over or the signal says so: SIGTERM first, SIGKILL after a short grace. */
function stopper(pid: number, { signal, timeoutMs, untimed }: ChildRequest) {
  const stop = Promise.withResolvers<Stopped["why"]>()
  const onAbort = () => stop.resolve("abort")
  if (signal.aborted) onAbort()
  signal.addEventListener("abort", onAbort, { once: true })
  const timer = setTimeout(() => stop.resolve("timeout"), timeoutMs)
  untimed?.addEventListener("abort", () => clearTimeout(timer), { once: true })
  return {
    /** Undefined when the child ended by itself. */
    async until(exited: Promise<unknown>): Promise<Stopped | undefined> {
      try {
        const why = await Promise.race([exited.then(() => undefined), stop.promise])
        if (why === undefined) return undefined
        send(-pid, "SIGTERM")
        if (await settlesWithin(exited, why === "abort" ? ABORT_GRACE_MS : TIMEOUT_GRACE_MS))
          return { why, signal: "SIGTERM" }
        send(-pid, "SIGKILL")
        await settlesWithin(exited, KILL_MS)
        return { why, signal: "SIGKILL" }
      } finally {
        clearTimeout(timer)
        signal.removeEventListener("abort", onAbort)
      }
    },
  }
}

/** Ends what the child left, and the watcher, which is of its group. Resolves to whether there was anything to end. */
export async function killRest(trace: Trace): Promise<boolean> {
  let left = leftBehind(trace)
  // Its files are closed a moment before a process is gone, so the end of the output proves nothing yet.
  for (let round = 0; (left.pids.length > 0 || left.isUnsure) && round < FINISHING_ROUNDS; round++) {
    await Bun.sleep(FINISHING_MS)
    left = leftBehind(trace)
  }
  const hadToEnd = left.pids.length > 0
  // What is being killed may have just made another.
  for (let round = 0; left.pids.length > 0 && round < KILL_ROUNDS; round++) {
    for (const pid of left.pids) send(pid, "SIGKILL")
    await Bun.sleep(1)
    left = leftBehind(trace)
  }
  send(-trace.group, "SIGKILL")
  return hadToEnd
}
