import { duration, money, tokens } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import type { Result } from "./attempt.ts"
import type { ModelResults } from "./run.ts"

/** One line for each model, the one that passed most first, then one for each task. */
export function reportLines(all: readonly ModelResults[], width: number): readonly string[] {
  const sorted = all.map(sumOf).toSorted((a, b) => b.passed - a.passed || (a.usd ?? Infinity) - (b.usd ?? Infinity))
  const models = sorted.map(({ model, passed, count, seconds, sent, usd }) => [
    ...[model, `${passed}/${count}`, duration(seconds * 1_000), tokens(sent), moneyOf(usd), perPassed(usd, passed)],
  ])
  const tasks = all.flatMap(({ model, results }) => results.map((result) => [result.task, model, ...cells(result)]))
  return [...table(MODEL_COLUMNS, models, width), "", ...table(TASK_COLUMNS, tasks, width)]
}

/** One result as it ends. */
export function resultLine(model: string, result: Result): string {
  const [verdict, , seconds, , usd] = cells(result)
  const why = result.passed || result.outcome === "completed" ? "" : `  ${result.outcome}`
  return `${verdict}  ${result.task}  ${model}  ${seconds}  ${usd}${why}`
}

const MODEL_COLUMNS = [
  { head: "model", isFlexible: true },
  { head: "passed", isRight: true },
  { head: "time", isRight: true },
  { head: "tokens", isRight: true },
  { head: "cost", isRight: true },
  { head: "per passed", isRight: true },
] as const

const TASK_COLUMNS = [
  { head: "task", isFlexible: true },
  { head: "model" },
  { head: "" },
  { head: "steps", isRight: true },
  { head: "time", isRight: true },
  { head: "tokens", isRight: true },
  { head: "cost", isRight: true },
] as const

function cells(result: Result): string[] {
  const verdict = result.passed ? "passed" : result.outcome.startsWith("not run") ? "not run" : "failed"
  const { steps, seconds, usd } = result
  return [verdict, String(steps), duration(seconds * 1_000), tokens(sentTokens(result)), moneyOf(usd)]
}

/** The results and their sums, for a file or another program. Money in US dollars; null where no price was known. */
export function reportJson(all: readonly ModelResults[], at: { readonly startedAt: string; readonly version: string }) {
  return {
    format: 1,
    ...{ startedAt: at.startedAt, skein: at.version },
    models: all.map(({ model, results }) => {
      const { passed, count, seconds, sent, usd } = sumOf({ model, results })
      const tasks = results.map(({ usd: cost, ...result }) => ({ ...result, usd: cost ?? null }))
      return { model, passed, tasks: count, seconds, tokens: sent, usd: usd ?? null, results: tasks }
    }),
  }
}

function sumOf({ model, results }: ModelResults) {
  const priced = results.flatMap(({ usd }) => (usd === undefined ? [] : [usd]))
  return {
    model,
    passed: results.filter(({ passed }) => passed).length,
    count: results.length,
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
    sent: results.reduce((sum, result) => sum + sentTokens(result), 0),
    usd: priced.length === 0 ? undefined : priced.reduce((sum, usd) => sum + usd, 0),
  }
}

function sentTokens({ usage }: Result): number {
  return usage === undefined ? 0 : usage.input + usage.cacheRead + usage.cacheWrite + usage.output
}

function moneyOf(usd: number | undefined): string {
  return money(usd === undefined ? undefined : usd * 1_000_000)
}

function perPassed(usd: number | undefined, passed: number): string {
  return passed === 0 ? "" : moneyOf(usd === undefined ? undefined : usd / passed)
}
