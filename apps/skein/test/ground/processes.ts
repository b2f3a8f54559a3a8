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

/** Waits until none is left; what is left after that long is given back. */
export async function processesLeft(folder: string, withinMs: number): Promise<readonly string[]> {
  const endsAt = performance.now() + withinMs
  for (;;) {
    const left = processesIn(folder)
    if (left.length === 0 || performance.now() > endsAt) return left.map(({ pid, command }) => `${pid} ${command}`)
    await Bun.sleep(5)
  }
}
