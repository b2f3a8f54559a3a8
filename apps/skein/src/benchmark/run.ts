import type { HostRequest } from "@skein/host"
import { attempt, notRun, type Result } from "./attempt.ts"
import type { Task } from "./task.ts"

export interface ModelResults {
  readonly model: string
  readonly results: readonly Result[]
}

export interface Plan {
  readonly models: readonly string[]
  readonly tasks: readonly Task[]
  readonly request: HostRequest
  readonly stepsMax: number
  readonly timeoutMs: number
  /** How many at once. */
  readonly parallel: number
  /** US dollars of all together: what was begun may not pass it, and nothing more is begun. */
  readonly usdMax?: number | undefined
  readonly signal: AbortSignal
  /** Told of each as it ends. */
  readonly onResult: (model: string, result: Result) => void
}

/** Every task with every model, task by task, so that a ceiling cuts all models alike. */
export async function runPlan(plan: Plan): Promise<readonly ModelResults[]> {
  const waiting = plan.tasks.flatMap((task) => plan.models.map((model) => ({ task, model })))
  const results = new Map<string, Result[]>(plan.models.map((model) => [model, []]))
  const budget = new Budget(plan.usdMax, plan.parallel)
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { task, model } = next
      const result = await one(task, model, plan, budget)
      results.get(model)?.push(result)
      plan.onResult(model, result)
    }
  }
  await Promise.all(Array.from({ length: plan.parallel }, worker))
  return plan.models.map((model) => ({ model, results: results.get(model) ?? [] }))
}

async function one(task: Task, model: string, plan: Plan, budget: Budget): Promise<Result> {
  const { request, signal, stepsMax, timeoutMs } = plan
  if (signal.aborted) return notRun(task, "interrupted")
  const usdMax = budget.take()
  if (usdMax === "spent") return notRun(task, `the ceiling of $${plan.usdMax} is reached`)
  const bounds = { stepsMax, timeoutMs, ...(usdMax === undefined ? {} : { usdMax }) }
  const result = await attempt(task, model, { request, bounds, signal })
  budget.give(usdMax, result.usd ?? 0)
  return result
}

/** Each that runs has its share of what is left, so that all together stay below the ceiling. */
class Budget {
  #left: number | undefined
  #running = 0
  readonly #parallel: number

  constructor(usdMax: number | undefined, parallel: number) {
    this.#left = usdMax
    this.#parallel = parallel
  }

  take(): number | undefined | "spent" {
    if (this.#left === undefined) return undefined
    if (this.#left < USD_MIN) return "spent"
    const share = this.#left / (this.#parallel - this.#running)
    this.#running += 1
    this.#left -= share
    return share
  }

  give(share: number | undefined, usd: number): void {
    if (share === undefined || this.#left === undefined) return
    this.#running -= 1
    this.#left += share - usd
  }
}

/** Less buys no answer, and is no limit that could be set. */
const USD_MIN = 0.000_1
