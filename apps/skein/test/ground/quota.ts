import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { treeOf } from "./processes.ts"

/** A share of one processor that a process has to live with. */
export interface Quota {
  /** How it is held to it, as it is to be told beside any figure. */
  readonly how: string
  [Symbol.dispose](): void
}

/** What Docker and Kubernetes count by: who has used up its share sleeps for the rest of the period. */
const PERIOD_US = 100_000
/** Of stopping and going on, where there are no control groups for us: a process has its share at once in each. */
const DUTY_MS = 10

/**
 * Holds a process, and with control groups all that it has started or will start, to a share of one core. Without them the
 * process alone is stopped and continued, which is harder: it is stopped whether it has used its share or not.
 */
export function quota(pid: number, share: number): Quota {
  return byGroup(pid, share) ?? byDuty(pid, share)
}

function byGroup(pid: number, share: number): Quota | undefined {
  const version = existsSync("/sys/fs/cgroup/cgroup.controllers") ? 2 : 1
  const parent = version === 2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
  const folder = join(parent, `skein-quota-${process.pid}-${pid}`)
  const quotaUs = Math.round(share * PERIOD_US)
  const end = () => ended(folder, parent)
  try {
    mkdirSync(folder)
    if (version === 2) writeFileSync(join(folder, "cpu.max"), `${quotaUs} ${PERIOD_US}`)
    else writeFileSync(join(folder, "cpu.cfs_quota_us"), `${quotaUs}`)
    for (const member of treeOf(pid)) moved(member, folder)
  } catch {
    // Not ours to make: somebody else's machine, a container. The other way is as good.
    if (existsSync(folder)) end()
    return undefined
  }
  return { how: `a control group of version ${version}, ${quotaUs} of ${PERIOD_US} us`, [Symbol.dispose]: end }
}

/** What runs goes on without it. Who was moved may have started another meanwhile, so it takes some rounds. */
function ended(folder: string, parent: string): void {
  for (let rounds = 1; ; rounds++) {
    for (const member of membersOf(folder)) moved(member, parent)
    try {
      return rmdirSync(folder)
    } catch (cause) {
      if (rounds === ROUNDS_MAX) throw new Error(`${folder} stays.`, { cause })
      Bun.sleepSync(ROUND_MS)
    }
  }
}

const ROUNDS_MAX = 200
const ROUND_MS = 5

function membersOf(folder: string): number[] {
  return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number)
}

/** One that has ended meanwhile is nowhere. */
function moved(pid: number, folder: string): void {
  try {
    writeFileSync(join(folder, "cgroup.procs"), `${pid}`)
  } catch (cause) {
    if (existsSync(`/proc/${pid}`)) throw new Error(`Process ${pid} cannot be put into ${folder}.`, { cause })
  }
}

function byDuty(pid: number, share: number): Quota {
  // A thread of its own, so that whoever measures does not delay it.
  const worker = new Worker(new URL("./duty.ts", import.meta.url))
  worker.postMessage({ pid, onMs: share * DUTY_MS, offMs: (1 - share) * DUTY_MS })
  const end = () => {
    worker.terminate()
    if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGCONT")
  }
  return { how: `stopped for ${(1 - share) * DUTY_MS} of every ${DUTY_MS} ms, itself alone`, [Symbol.dispose]: end }
}
