import { readdirSync, readFileSync } from "node:fs"
import { reach } from "./paths.ts"

/** Sends a signal; one that nobody is left to hear is no error. Negative numbers are process groups. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== "ESRCH" && code !== "EPERM") throw error
  }
}

/** The children of a process, on Linux; empty when it is gone. */
export function childrenOf(pid: number): readonly number[] {
  const listed = reach(() => readProc(`/proc/${pid}/task/${pid}/children`))
  if (listed !== undefined) return listed.trim().split(" ").filter(Boolean).map(Number)
  return allProcesses().filter((candidate) => fieldsOf(candidate)?.parent === pid)
}

/**
 * Processes that a command left: those of its group, and those that left the group but kept the mark in their
 * environment. Linux only; elsewhere nothing is known of them.
 */
export function leftBehind(group: number, mark: string, exceptArgument: string): readonly number[] {
  return allProcesses().filter((pid) => {
    const fields = fieldsOf(pid)
    if (fields === undefined || fields.isDead) return false
    const isOurs = fields.group === group || (reach(() => readProc(`/proc/${pid}/environ`))?.includes(mark) ?? false)
    return isOurs && !(reach(() => readProc(`/proc/${pid}/cmdline`)) ?? "").split("\0").includes(exceptArgument)
  })
}

function allProcesses(): readonly number[] {
  return (reach(() => readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name)).map(Number)
}

function fieldsOf(pid: number): { parent: number; group: number; isDead: boolean } | undefined {
  const stat = reach(() => readProc(`/proc/${pid}/stat`))
  // The name stands in parentheses and may hold anything, closing ones too.
  const [state, parent, group] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? []
  if (state === undefined) return undefined
  return { parent: Number(parent), group: Number(group), isDead: state === "Z" || state === "X" }
}

/** A process may end while it is read; then there is nothing to read. */
function readProc(path: string): string {
  try {
    return readFileSync(path, "latin1")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return ""
    throw error
  }
}
