import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"

const WAIT_MS = 5_000
const LOOK_MS = 20
/** Writing the file takes some milliseconds; who holds it longer has stopped. */
const STALE_MS = 30_000

/** Does something while no other process does the same to this file. Throws SkeinError when another stays at it. */
export async function locked<T>(file: string, now: () => number, act: () => T): Promise<T> {
  const path = `${file}.lock`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  for (let waited = 0; !taken(path, now); waited += LOOK_MS) {
    if (waited >= WAIT_MS) {
      throw new SkeinError(
        "config.invalid",
        `Cannot change ${file}: another skein (process ${holder(path) ?? "unknown"}) is changing it. Try again; if none runs, remove ${path}.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  try {
    return act()
  } finally {
    rmSync(path, { force: true })
  }
}

function taken(path: string, now: () => number): boolean {
  try {
    const fd = openSync(path, "wx", 0o600)
    writeSync(fd, String(process.pid))
    closeSync(fd)
    return true
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    if (isLeft(path, now)) takeAway(path)
    return false
  }
}

/** Another may have done the same and taken the lock since: what turns out to be held goes back. */
function takeAway(path: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    const pid = holder(aside)
    if (pid !== undefined && isAlive(pid)) linkSync(aside, path)
  } catch (error) {
    // Gone already, or taken anew.
    if (!(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EEXIST")))
      throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Left by a process that is gone. */
function isLeft(path: string, now: () => number): boolean {
  const pid = holder(path)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (pid === undefined) return now() - stats.mtimeMs > STALE_MS
  return !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}

function holder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw error
  }
}
