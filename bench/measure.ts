/**
 * One run of one program: how long, how much processor time, how much memory.
 * By itself: `bun bench/measure.ts [--memory] COMMAND...` prints them for any command.
 */
import { closeSync, openSync } from "node:fs"
import { adoptOrphans, end, reap, strangers, waited } from "./orphans.ts"
import { childrenOf, cpuMsOf, machineCpuMs, memoryOf } from "./processes.ts"

export interface Launch {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly timeoutMs: number
  /** Sampling memory costs processor time: such a run is of no use for timing. */
  readonly isMemoryRun: boolean
  /** Our own servers: left alone, and their time is not the machine's noise. */
  readonly bystanders: readonly number[]
  /** File for what the program prints in a timed run; nowhere when absent. */
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
  /** Cores that everything else on the machine used meanwhile; 0 where that cannot be known. */
  readonly othersCores: number
}

/** The machine's noise is counted in ticks of ten milliseconds: of a shorter run nothing can be said. */
const NOISE_SEEN_MS = 100

export async function measure(launch: Launch): Promise<Measured> {
  const output = launch.output === undefined ? undefined : openSync(launch.output, "w")
  try {
    return await (launch.isMemoryRun ? sampled(launch) : timed(launch, output))
  } finally {
    if (output !== undefined) closeSync(output)
  }
}

async function timed(launch: Launch, output: number | undefined): Promise<Measured> {
  const noiseBefore = noiseMs(launch.bystanders)
  const startedMs = epochMs()
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
    end(child.pid)
  }, launch.timeoutMs)
  const exitCode = await child.exited
  const wallMs = epochMs() - startedMs
  clearTimeout(timer)
  const usedMs = Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000
  const othersMs = noiseMs(launch.bystanders) - noiseBefore - usedMs
  const orphans = reap(launch.bystanders)
  return {
    ...{ startedMs, wallMs, cpuMs: usedMs + orphans.cpuMs, exitCode, isTimedOut, leftBehind: orphans.count },
    othersCores: wallMs < NOISE_SEEN_MS ? 0 : Math.max(0, othersMs) / wallMs,
  }
}

/**
 * The peak is the larger of two: the tree's memory as sampled, and the kernel's own mark of the largest process, which
 * misses nothing. That mark starts at the memory of whoever spawned the program, this one, if spawned directly; so a
 * shell forks it and leaves, and it comes to us as an orphan with a mark of its own.
 */
async function sampled(launch: Launch): Promise<Measured> {
  const startedMs = epochMs()
  const shell = Bun.spawn(["/bin/sh", "-c", '"$@" &', "sh", ...launch.command], {
    env: { ...launch.env },
    cwd: launch.cwd,
    stdio: ["ignore", "ignore", "ignore"],
    detached: true,
  })
  await shell.exited
  const pid = Math.min(...childrenOf(process.pid).filter((child) => !launch.bystanders.includes(child)))
  let peak = 0
  let isTimedOut = false
  let done = waited(pid, false)
  while (done === undefined) {
    peak = Math.max(peak, memoryOf(strangers(launch.bystanders)))
    const ageMs = epochMs() - startedMs
    if (ageMs > launch.timeoutMs && !isTimedOut) {
      isTimedOut = true
      end(pid)
    }
    await Bun.sleep(ageMs < 500 ? 2 : 5)
    done = waited(pid, false)
  }
  const wallMs = epochMs() - startedMs
  const orphans = reap(launch.bystanders)
  return {
    ...{ startedMs, wallMs, cpuMs: done.cpuMs + orphans.cpuMs, exitCode: done.exitCode, isTimedOut },
    ...{ leftBehind: orphans.count, othersCores: 0, peakBytes: Math.max(peak, done.peakBytes) },
  }
}

function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** What the machine has used, less what is ours. */
function noiseMs(bystanders: readonly number[]): number {
  const own = process.cpuUsage()
  const servers = bystanders.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  return machineCpuMs() - servers - (own.user + own.system) / 1000
}

if (import.meta.main) {
  const words = process.argv.slice(2)
  const isMemoryRun = words[0] === "--memory"
  adoptOrphans()
  const launch = { command: isMemoryRun ? words.slice(1) : words, env: { PATH: "/usr/bin:/bin" }, cwd: process.cwd() }
  console.log(JSON.stringify(await measure({ ...launch, isMemoryRun, timeoutMs: 60_000, bystanders: [] })))
}
