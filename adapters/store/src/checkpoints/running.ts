import { refusal } from "../world.ts"

/** Whether a process of this id runs, whoever's it is. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return refusal(error) === "EPERM"
  }
}
