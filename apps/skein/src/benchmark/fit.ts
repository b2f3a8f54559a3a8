import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compose, type HostRequest } from "@skein/host"
import { checkIn } from "./attempt.ts"
import type { Repository } from "./git.ts"
import { type Deed, doneTask, taskOf } from "./past.ts"
import type { Task } from "./task.ts"

interface Fitting {
  readonly check: string
  readonly repository: Repository
  readonly request: HostRequest
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * The task of a deed, when its check can tell: it passes with what was done, and, where the deed brought tests, not without.
 * Otherwise why not. No model is asked.
 */
export async function fitting(deed: Deed, at: Fitting): Promise<Task | string> {
  const task = taskOf(deed, at.check, at.repository)
  const done = doneTask(deed, at.check, at.repository)
  if (done === undefined) {
    return (await passes(task, at)) ? task : "the check fails already where it began"
  }
  if (!(await passes(done, at))) return "the check fails even with what was done"
  return (await passes(task, at)) ? "the check passes without anything being done" : task
}

async function passes(task: Task, { request, timeoutMs, signal }: Fitting): Promise<boolean> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-benchmark-")))
  const cwd = join(root, "work")
  mkdirSync(cwd)
  const host = compose({ ...request, cwd, isEphemeral: true })
  try {
    await task.prepare(cwd)
    await task.restore(cwd)
    return (await checkIn(host, task.check, cwd, { timeoutMs, signal })).passed
  } finally {
    await host.close()
    rmSync(root, { recursive: true, force: true })
  }
}
