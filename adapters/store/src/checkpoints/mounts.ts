import { readFileSync } from "node:fs"
import { refusal } from "../world.ts"

/**
 * Where file systems are mounted, as far as the system tells: a second mount of a folder (a bind) has the device of what
 * is around it, and may be someone's home. Source of the format: proc_pid_mountinfo(5).
 */
export function mountPoints(): ReadonlySet<string> {
  return new Set(
    mounts()
      .split("\n")
      .map((line) =>
        (line.split(" ")[4] ?? "").replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
      ),
  )
}

function mounts(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8")
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return "" // no Linux, or no /proc: then only the device tells
  }
}
