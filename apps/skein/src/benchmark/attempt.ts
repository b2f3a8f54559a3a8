import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runHeadless } from "@skein/headless"
import { compose, type Host, type HostRequest } from "@skein/host"
import { accepted, type SessionId, SkeinError, type Usage } from "@skein/protocol"
import type { Task } from "./task.ts"

/** What came of one task with one model. Seconds are of the turn, without the check. */
export interface Result {
  readonly task: string
  readonly tier: number
  readonly passed: boolean
  /** `completed`, `failed: …`, `timeout`, `not run: …`. */
  readonly outcome: string
  readonly steps: number
  readonly seconds: number
  readonly usage?: Usage | undefined
  /** US dollars; absent when the price is not known. */
  readonly usd?: number | undefined
  /** The end of what the check said, where it did not pass. */
  readonly output?: string | undefined
}

export interface Bounds {
  readonly stepsMax: number
  readonly timeoutMs: number
  /** What may still be spent, in US dollars. */
  readonly usdMax?: number | undefined
}

/** Does a task with a model, in a folder that is gone afterwards, with the whole engine, and scores it by its check. */
export async function attempt(
  task: Task,
  model: string,
  { request, bounds, signal }: { readonly request: HostRequest; readonly bounds: Bounds; readonly signal: AbortSignal },
): Promise<Result> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-benchmark-")))
  const cwd = join(root, "work")
  mkdirSync(cwd)
  try {
    await task.prepare(cwd)
    const host = compose(requestFor(request, { cwd, model, bounds }))
    try {
      return await done(host, { task, cwd, bounds, signal })
    } finally {
      await host.close()
    }
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return notRun(task, error.message)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** A task that was not begun, and why. */
export function notRun({ name, level }: Task, why: string): Result {
  return { task: name, tier: level, passed: false, outcome: `not run: ${why}`, steps: 0, seconds: 0 }
}

/** Nobody is asked, nothing of the person's sessions is touched, and nothing outlives it. */
function requestFor(
  request: HostRequest,
  { cwd, model, bounds }: { readonly cwd: string; readonly model: string; readonly bounds: Bounds },
): HostRequest {
  const usd = bounds.usdMax === undefined ? {} : { usd: bounds.usdMax }
  const flags = { ...request.flags, model, sandbox: "workspace-write", limits: { steps: bounds.stepsMax, ...usd } }
  return { ...request, cwd, flags, fallback: { mode: "auto" }, isEphemeral: true }
}

interface Work {
  readonly task: Task
  readonly cwd: string
  readonly bounds: Bounds
  readonly signal: AbortSignal
}

async function done(host: Host, { task, cwd, bounds, signal }: Work): Promise<Result> {
  const { engine } = host
  const { sessionId } = await accepted(engine, { type: "session.create", cwd, isInteractive: false })
  const timeout = AbortSignal.timeout(bounds.timeoutMs)
  const startedAt = performance.now()
  const { outcome } = await runHeadless({
    ...{ engine, sessionId, clientId: "cli_benchmark", format: "text", isApprovingAll: false },
    input: [{ type: "text", text: task.prompt }],
    ...{ answer: () => {}, progress: () => {} },
    signal: AbortSignal.any([signal, timeout]),
  })
  const seconds = (performance.now() - startedAt) / 1_000
  const said = outcome.kind === "completed" ? "completed" : timeout.aborted ? "timeout" : wordsOf(outcome)
  const score = await checked(host, { task, cwd, bounds, signal })
  return { task: task.name, tier: task.level, ...score, outcome: said, seconds, ...(await spent(host, sessionId)) }
}

function wordsOf(outcome: { readonly kind: string; readonly message?: string | undefined }): string {
  return outcome.message === undefined ? outcome.kind : `${outcome.kind}: ${outcome.message}`
}

async function spent({ engine }: Host, sessionId: SessionId): Promise<Pick<Result, "steps" | "usage" | "usd">> {
  const { usage, microUsd, turns = [] } = await engine.ask({ type: "session.read", sessionId })
  const usd = microUsd === undefined ? {} : { usd: microUsd / 1_000_000 }
  return { steps: turns.reduce((sum, { steps }) => sum + steps, 0), usage, ...usd }
}

const OUTPUT_CHARS = 2_000

async function checked(host: Host, { task, cwd, bounds, signal }: Work): Promise<Pick<Result, "passed" | "output">> {
  await task.restore(cwd)
  return checkIn(host, task.check, cwd, { timeoutMs: bounds.timeoutMs, signal })
}

/** Runs a check where a model's commands run too: confined, without network. */
export async function checkIn(
  host: Host,
  command: string,
  cwd: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Pick<Result, "passed" | "output">> {
  const result = await host.exec.run({
    ...{ command, cwd, sandbox: "workspace-write", roots: [cwd], timeoutMs, signal, bytesMax: 50_000 },
  })
  if (result.exitCode === 0) return { passed: true }
  return { passed: false, output: host.redact(result.output.slice(-OUTPUT_CHARS)) }
}
