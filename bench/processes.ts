/** What Linux tells about processes: who is whose child, memory, processor time. All of it from /proc. */
import { readdirSync, readFileSync } from "node:fs"

const PAGE_BYTES = 4096
/** Clock ticks a second; 100 on every Linux that Bun runs on. */
const TICK_MS = 10

/** The process and everything below it. */
export function treeOf(pid: number): number[] {
  const tree = [pid]
  for (const known of tree) tree.push(...childrenOf(known))
  return tree
}

export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => numbersIn(read(`/proc/${pid}/task/${thread}/children`)))
}

/** Resident memory of the processes together; pages they share count once for each. */
export function memoryOf(pids: readonly number[]): number {
  // Between vfork and exec a child lives in its parent's memory: the very same numbers, not a second copy.
  const spaces = new Set(pids.map((pid) => read(`/proc/${pid}/statm`)))
  return [...spaces].reduce((sum, pages) => sum + (numbersIn(pages)[1] ?? 0) * PAGE_BYTES, 0)
}

/** User and system time of a live process, in steps of ten milliseconds, with the children it has waited for. */
export function cpuMsOf(pid: number): number {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0)
}

/** Processor time of what lives in these processes now, exact where `cpuMsOf` has steps; threads that ended are not in it. */
export function fineCpuMsOf(pids: readonly number[]): number {
  return inTasks(pids, (task) => (numbersIn(read(`${task}/schedstat`))[0] ?? 0) / 1e6)
}

/** How often their threads have gone to sleep by themselves: each time something had woken them. */
export function wakeupsOf(pids: readonly number[]): number {
  return inTasks(pids, (task) => Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`${task}/status`))?.[1] ?? 0))
}

function inTasks(pids: readonly number[], figure: (task: string) => number): number {
  const tasks = pids.flatMap((pid) => threadsOf(pid).map((thread) => `/proc/${pid}/task/${thread}`))
  return tasks.reduce((sum, task) => sum + figure(task), 0)
}

/** Processor time that everything on this machine has used, time stolen by the host included. */
export function machineCpuMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = numbersIn(
    read("/proc/stat").split("\n", 1)[0]?.slice(4) ?? "",
  )
  return (user + nice + system + irq + softirq + steal) * TICK_MS
}

/** Waits until the machine uses less than a quarter of one core for 0.2 s; false when it did not in `patienceMs`. */
export async function quietness(patienceMs: number): Promise<boolean> {
  const endMs = performance.now() + patienceMs
  while (performance.now() < endMs) {
    const before = machineCpuMs()
    await Bun.sleep(200)
    if (machineCpuMs() - before <= 50) return true
  }
  return false
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return [] // it has ended
  }
}

/** A process may end between two looks at it: then there is nothing to read. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

function numbersIn(text: string): number[] {
  return text.trim() === "" ? [] : text.trim().split(/\s+/).map(Number)
}
