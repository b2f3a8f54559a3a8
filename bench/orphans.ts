/** Processes that an agent leaves behind: adopted, counted, ended. Linux only. */
import { dlopen } from "bun:ffi"
import { childrenOf, treeOf } from "./processes.ts"

const PR_SET_CHILD_SUBREAPER = 36
/** 64-bit `struct rusage`: two timevals (user, system), then fourteen longs. */
const RUSAGE_LONGS = 18
const WNOHANG = 1

const libc = dlopen("libc.so.6", {
  prctl: { args: ["i32", "u64", "u64", "u64", "u64"], returns: "i32" },
  wait4: { args: ["i32", "ptr", "i32", "ptr"], returns: "i32" },
})

/** From now on the orphans of our children become our children, so that their time is known. */
export function adoptOrphans(): void {
  if (libc.symbols.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) !== 0) throw new Error("Could not become a subreaper.")
}

/** Everything below this process but the `bystanders` (our own servers). */
export function strangers(bystanders: readonly number[]): number[] {
  return childrenOf(process.pid)
    .filter((pid) => !bystanders.includes(pid))
    .flatMap(treeOf)
}

export interface Waited {
  readonly exitCode: number
  /** User and system time, that of the children it has waited for included. */
  readonly cpuMs: number
  /** The most that it, or any one process it has waited for, had resident. */
  readonly peakBytes: number
}

/** What became of a child; nothing while it runs, or when it is not ours. */
export function waited(pid: number, isBlocking: boolean): Waited | undefined {
  const status = new Int32Array(1)
  const usage = new BigInt64Array(RUSAGE_LONGS)
  if (libc.symbols.wait4(pid, status, isBlocking ? 0 : WNOHANG, usage) !== pid) return undefined
  const [userS = 0n, userUs = 0n, systemS = 0n, systemUs = 0n, peakKilobytes = 0n] = usage
  const [word = 0] = status
  return {
    // The low seven bits hold the signal that ended it, the next byte the code it ended with.
    exitCode: (word & 0x7f) !== 0 ? 128 + (word & 0x7f) : (word >> 8) & 0xff,
    cpuMs: Number(userS + systemS) * 1000 + Number(userUs + systemUs) / 1000,
    peakBytes: Number(peakKilobytes) * 1024,
  }
}

/** Ends and waits for what is left of a run. Call it after the run's own process has been waited for. */
export function reap(bystanders: readonly number[]): { readonly count: number; readonly cpuMs: number } {
  let count = 0
  let cpuMs = 0
  for (let round = 0; round < 50; round++) {
    const left = childrenOf(process.pid).filter((pid) => !bystanders.includes(pid))
    if (left.length === 0) break
    for (const pid of left) {
      end(pid)
      cpuMs += waited(pid, true)?.cpuMs ?? 0
      count++
    }
  }
  return { count, cpuMs }
}

/** Ends a process and everything below it. */
export function end(pid: number): void {
  for (const below of treeOf(pid)) {
    try {
      process.kill(below, "SIGKILL")
    } catch {
      // it has ended by itself
    }
  }
}
