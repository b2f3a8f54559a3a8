/** One run of one program: how long, how much processor time, how much memory. */
import { closeSync, openSync } from "node:fs"
import { reap, strangers } from "./orphans.ts"
import { cpuMsOf, machineCpuMs, memoryOf } from "./processes.ts"

export interface Launch {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly timeoutMs: number
  /** Sampling memory costs processor time: such a run is of no use for timing. */
  readonly isMemoryRun: boolean
  /** Our own servers: left alone, and their time is not the machine's noise. */
  readonly bystanders: readonly number[]
  /** File for what the program prints; nowhere when absent. */
  readonly output?: string
}

export interface Measured {
  /** Milliseconds since 1970, with fractions. */
  readonly startedMs: number
  /** Spawn to exit. */
  readonly wallMs: number
  /** User and system time of the whole tree, what it left behind included. */
  readonly cpuMs: number
  readonly peakBytes?: number
  readonly exitCode: number
  readonly isTimedOut: boolean
  /** Processes still there when the program had ended. */
  readonly leftBehind: number
  /** Cores that everything else on the machine used meanwhile. */
  readonly othersCores: number
}

export async function measure(launch: Launch): Promise<Measured> {
  const output = launch.output === undefined ? undefined : openSync(launch.output, "w")
  const noiseBefore = noiseMs(launch.bystanders)
  const startedMs = performance.timeOrigin + performance.now()
  const child = Bun.spawn([...launch.command], {
    env: { ...launch.env },
    cwd: launch.cwd,
    stdin: "ignore",
    stdout: output ?? "ignore",
    stderr: output ?? "ignore",
    detached: true,
  })
  let isTimedOut = false
  const timer = setTimeout(() => {
    isTimedOut = true
    child.kill("SIGKILL")
  }, launch.timeoutMs)
  let endedMs = 0
  const ended = child.exited.then(() => {
    endedMs = performance.timeOrigin + performance.now()
  })
  const peakBytes = launch.isMemoryRun ? await peakUntil(() => endedMs > 0, launch.bystanders) : undefined
  await ended
  clearTimeout(timer)
  const wallMs = endedMs - startedMs
  const usedMs = Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000
  const othersMs = noiseMs(launch.bystanders) - noiseBefore - usedMs
  const orphans = reap(launch.bystanders)
  if (output !== undefined) closeSync(output)
  return {
    startedMs,
    wallMs,
    cpuMs: usedMs + orphans.cpuMs,
    exitCode: child.exitCode ?? -1,
    isTimedOut,
    leftBehind: orphans.count,
    othersCores: Math.max(0, othersMs) / wallMs,
    ...(peakBytes === undefined ? {} : { peakBytes }),
  }
}

/** Samples without pause at first (a short program lives for three milliseconds), then every 2 ms, later every 5. */
async function peakUntil(hasEnded: () => boolean, bystanders: readonly number[]): Promise<number> {
  const startMs = performance.now()
  let peak = 0
  while (!hasEnded()) {
    peak = Math.max(peak, memoryOf(strangers(bystanders)))
    const ageMs = performance.now() - startMs
    if (ageMs < 40) await new Promise((resolve) => setImmediate(resolve))
    else await Bun.sleep(ageMs < 500 ? 2 : 5)
  }
  return peak
}

/** What the machine has used, less what is ours. */
function noiseMs(bystanders: readonly number[]): number {
  const own = process.cpuUsage()
  const servers = bystanders.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  return machineCpuMs() - servers - (own.user + own.system) / 1000
}
