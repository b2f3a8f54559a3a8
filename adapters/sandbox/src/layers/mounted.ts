import { readFileSync } from "node:fs"
import { isWithin } from "@skein/protocol"

/**
 * Other file systems that are mounted below a folder: an overlay would not show what is in them. Source of the format:
 * proc_pid_mountinfo(5).
 */
export function mountsBelow(root: string): readonly string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) =>
      (line.split(" ")[4] ?? "").replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => path !== root && path !== "" && isWithin(path, root))
}
