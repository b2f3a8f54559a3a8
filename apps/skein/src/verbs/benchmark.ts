import { writeFileSync } from "node:fs"
import { compose, type Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { builtInTasks } from "../benchmark/built-in.ts"
import { reportJson, reportLines, resultLine } from "../benchmark/report.ts"
import { runPlan } from "../benchmark/run.ts"
import { submit, submitAddress } from "../benchmark/submit.ts"
import { tasksIn } from "../benchmark/suite.ts"
import type { Task } from "../benchmark/task.ts"
import { startModel } from "../session/open.ts"
import { hostRequest, path } from "../session/request.ts"
import { interruptible } from "../session/signals.ts"
import { visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"
import { VERSION } from "../version.ts"

/** `skein benchmark`: tasks with tests, done by models in throw-away folders: what passed, in what time, for what money. */
export const run: Run = async (call) => {
  const { flags, io } = call
  const interrupt = interruptible(io)
  try {
    const bounds = boundsOf(call)
    const submitTo = submitAddress(flags.text("submit-url"))
    const tasks = await tasksOf(call, { ...bounds, signal: interrupt.signal })
    if (flags.has("list")) return list(call, tasks)
    const models = await modelsOf(call)
    io.err(`${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}, ${models.join(", ")}`)
    const startedAt = new Date(io.now()).toISOString()
    const results = await runPlan({
      ...{ models, tasks, request: bare(call), ...bounds, signal: interrupt.signal },
      onResult: (model, result) => io.err(visible(resultLine(model, result))),
    })
    const report = jsonPage(reportJson(results, { startedAt, version: VERSION }))
    const file = flags.text("output")
    if (file !== undefined) writeFileSync(path(file, io.cwd), `${report}\n`)
    if (flags.has("json")) io.out(report)
    else for (const line of reportLines(results, await io.columns())) io.out(line)
    if (submitTo !== undefined && !interrupt.signal.aborted) {
      await withHost(call, (host) => submit(report, submitTo, host, interrupt.signal))
      io.err(`The results were sent to ${submitTo.host}.`)
    }
    return interrupt.signal.aborted ? interrupt.exitCode : 0
  } finally {
    interrupt.done()
  }
}

/** The person's settings, without what this verb calls otherwise. */
function bare({ flags, io }: VerbCall) {
  const own = ["model", "tier", "output", "submit-url"]
  return hostRequest({ ...flags, text: (name) => (own.includes(name) ? undefined : flags.text(name)) }, io)
}

function boundsOf({ flags }: VerbCall) {
  return {
    stepsMax: number(flags.text("max-steps"), "max-steps", 30),
    timeoutMs: number(flags.text("timeout"), "timeout", 300) * 1_000,
    parallel: number(flags.text("parallel"), "parallel", 1),
    ...given(
      "usdMax",
      flags.text("cost-ceiling") === undefined ? undefined : dollars(flags.text("cost-ceiling") ?? ""),
    ),
  }
}

function number(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--${name} takes a whole number of at least 1, not ${JSON.stringify(text)}.`)
}

function dollars(text: string): number {
  const value = Number(text)
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value
  throw new UsageError(`--cost-ceiling takes an amount above 0, not ${JSON.stringify(text)}.`)
}

/** Known names, each once. A model may be written `provider:model` too. Throws SkeinError before anything is spent. */
async function modelsOf(call: VerbCall): Promise<readonly string[]> {
  return withHost(call, async (host) => {
    const said = call.flags.text("model")?.split(",") ?? [await startModel(host)]
    const names = said.map((name) => (name.includes("/") ? name : name.replace(":", "/")).trim())
    const models = [...new Set(names.filter((name) => name !== "").map((name) => host.models.resolve(name)))]
    for (const model of models) host.models.describe(model)
    return models
  })
}

async function withHost<T>(call: VerbCall, use: (host: Host) => Promise<T>): Promise<T> {
  const host = compose(bare(call))
  try {
    return await use(host)
  } finally {
    await host.close()
  }
}

async function tasksOf(
  call: VerbCall,
  at: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Task[]> {
  const { flags, io } = call
  const suite = flags.text("suite")
  const all = flags.has("repo")
    ? await withHost(call, async (host) =>
        (await import("../benchmark/repository.ts")).repositoryTasks(call, host, { ...at, request: bare(call) }),
      )
    : suite === undefined
      ? builtInTasks()
      : tasksIn(path(suite, io.cwd))
  const names = flags.list("task")
  const hardest = Number(flags.text("tier") ?? 3)
  const chosen = all.filter(({ name, level }) => level <= hardest && (names.length === 0 || names.includes(name)))
  if (chosen.length > 0) return chosen
  throw new UsageError(
    all.length === 0 ? "There is no task here." : `No such task. There are: ${all.map(({ name }) => name).join(", ")}.`,
  )
}

function list({ flags, io }: VerbCall, tasks: readonly Task[]): number {
  const rows = tasks.map(({ name, level, prompt, check }) => ({ name, tier: level, check, prompt }))
  if (flags.has("json")) io.out(jsonPage(rows))
  else for (const { name, tier, prompt } of rows) io.out(visible(`${name}  tier ${tier}  ${prompt.split("\n")[0]}`))
  return 0
}
