import { readdirSync, readFileSync, readlinkSync } from "node:fs"

/** Processes that have anything to do with a folder: by command line, environment or working folder. */
export function processesIn(folder: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8")
        const cwd = readlinkSync(`/proc/${pid}/cwd`)
        const isOurs = [command, environment, cwd].some((text) => text.includes(folder))
        return isOurs ? [{ pid: Number(pid), command }] : []
      } catch {
        // It has ended while it was looked at.
        return []
      }
    })
}

/** A process and all below it. */
export function treeOf(pid: number): number[] {
  const tree = [pid]
  for (const each of tree) tree.push(...childrenOf(each))
  return tree
}

function childrenOf(pid: number): number[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/children`)
    return lists.flatMap((list) => readFileSync(list, "utf8").split(" ").filter(Boolean).map(Number))
  } catch {
    // It has ended while it was looked at: it has no children.
    return []
  }
}

/** Waits until none is left; what is left after that long is given back. */
export async function processesLeft(folder: string, withinMs: number): Promise<readonly string[]> {
  const endsAt = performance.now() + withinMs
  for (;;) {
    const left = processesIn(folder)
    if (left.length === 0 || performance.now() > endsAt) return left.map(({ pid, command }) => `${pid} ${command}`)
    await Bun.sleep(5)
  }
}
