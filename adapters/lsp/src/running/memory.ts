import { readdirSync, readFileSync } from "node:fs"

/** Stands in the environment of a server and of whatever it starts. */
export const MARK_NAME = "SKEIN_LANGUAGE_SERVER"

/**
 * What the processes below ours that have this mark hold of the machine's memory, in bytes; what they share counts for each.
 * See proc(5). Undefined where it cannot be told: only Linux says so.
 */
export function memoryOf(mark: string, root: number = process.pid): number | undefined {
  const held = below(root).flatMap((pid) => (hasMark(pid, mark) ? [residentBytes(pid)] : []))
  return held.length === 0 ? undefined : held.reduce((sum, bytes) => sum + bytes, 0)
}

function below(root: number): readonly number[] {
  const tree = [root]
  for (const pid of tree) tree.push(...childrenOf(pid))
  return tree.slice(1)
}

function childrenOf(pid: number): readonly number[] {
  const threads = attempted(() => readdirSync(`/proc/${pid}/task`)) ?? []
  return threads.flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  )
}

function hasMark(pid: number, mark: string): boolean {
  return textOf(`/proc/${pid}/environ`).includes(`${MARK_NAME}=${mark}\0`)
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024
}

function textOf(path: string): string {
  return attempted(() => readFileSync(path, "latin1")) ?? ""
}

/** A process may end while it is looked at, and one of somebody else's is not to be read. */
function attempted<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
