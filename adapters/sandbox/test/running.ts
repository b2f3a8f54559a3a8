import { readdirSync, readFileSync } from "node:fs"

/** Whether a process with this word among its arguments is still there a second later; usually knows at once. */
export async function isRunning(argument: string): Promise<boolean> {
  for (let round = 0; round < 50; round++) {
    if (!hasProcess(argument)) return false
    await Bun.sleep(20)
  }
  return true
}

/** Resolves when there is such a process. Bounded by the test's own time. */
export async function started(argument: string): Promise<void> {
  while (!hasProcess(argument)) await Bun.sleep(10)
}

function hasProcess(argument: string): boolean {
  return readdirSync("/proc").some((pid) => /^\d+$/.test(pid) && argumentsOf(pid).includes(argument))
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")
  } catch (error) {
    // It ended between the listing and the look.
    if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) return []
    throw error
  }
}
