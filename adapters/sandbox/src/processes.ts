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

/** When a process began, in the kernel's ticks; 0 when it is gone already. Linux only. */
export function startOf(pid: number): number {
  return fieldsOf(pid)?.start ?? 0
}

/** The group in the foreground of the terminal that a process has; undefined when there is none. Linux only. */
export function foregroundOf(pid: number): number | undefined {
  const group = fieldsOf(pid)?.foreground
  return group === undefined || group <= 0 ? undefined : group
}

export interface Trace {
  readonly group: number
  /** Stands in the environment of whatever came of the command. */
  readonly mark: string
  /** Nothing older is looked at. */
  readonly since: number
}

export interface LeftBehind {
  readonly pids: readonly number[]
  /** A young process is just becoming another program; for that moment it has no environment to look at. */
  readonly isUnsure: boolean
}

/**
 * Processes that a command left: those of its group, and those that left the group but kept the mark. The watcher, which
 * has the mark among its arguments, is none of them. Linux only; elsewhere nothing is known.
 */
export function leftBehind({ group, mark, since }: Trace): LeftBehind {
  const pids: number[] = []
  let isUnsure = false
  for (const pid of allProcesses()) {
    const fields = fieldsOf(pid)
    if (fields === undefined || fields.isDead || fields.start < since) continue
    const environment = reach(() => readProc(`/proc/${pid}/environ`))
    if (environment === "") isUnsure = true
    if (fields.group !== group && environment?.includes(mark) !== true) continue
    if (!(reach(() => readProc(`/proc/${pid}/cmdline`)) ?? "").split("\0").includes(mark)) pids.push(pid)
  }
  return { pids, isUnsure }
}

function allProcesses(): readonly number[] {
  return (reach(() => readdirSync("/proc")) ?? []).filter((name) => /^\d+$/.test(name)).map(Number)
}

interface Fields {
  readonly parent: number
  readonly group: number
  readonly foreground: number
  readonly start: number
  readonly isDead: boolean
}

/** See proc(5): state, parent and group are fields 3, 4 and 5, the terminal's foreground group is 8, the start 22. */
function fieldsOf(pid: number): Fields | undefined {
  const stat = reach(() => readProc(`/proc/${pid}/stat`))
  // The name stands in parentheses and may hold anything, closing ones too.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? []
  const [state, parent, group] = fields
  if (state === undefined || state === "") return undefined
  return {
    parent: Number(parent),
    group: Number(group),
    foreground: Number(fields[5]),
    start: Number(fields[19]),
    isDead: state === "Z" || state === "X",
  }
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
