import type { DurableDraft, Limits, ModelInfo } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"

/** Money spent so far, in micro-USD. */
export interface Spent {
  readonly sessionMicroUsd: number
  /** By the person, since their midnight, over all sessions. */
  readonly dayMicroUsd: number
}

/** What was spent now, and when this was asked before: a summary or a name between two steps counts too. */
export interface Weighed {
  readonly before: Spent
  readonly after: Spent
}

/** The share of a budget at which the person is told. */
const ALERT_SHARE = 0.8

/** Why no further request may be made; undefined while it may. */
export function overBudget(spent: Spent, limits: Limits): string | undefined {
  for (const { name, key, spentIn, max, when } of budgets(limits)) {
    if (spentIn(spent) < max) continue
    return `The budget of ${usd(max)} for ${name} is spent (${usd(spentIn(spent))}). Raise budget.${key}${when}.`
  }
  return undefined
}

/** What to tell a person when what was asked since took them past the mark; nothing before it, and nothing after. */
export function budgetAlerts({ before, after }: Weighed, limits: Limits): readonly DurableDraft[] {
  return budgets(limits).flatMap(({ name, key, spentIn, max }) => {
    const mark = max * ALERT_SHARE
    if (spentIn(before) >= mark || spentIn(after) < mark) return []
    const share = Math.round((spentIn(after) / max) * 100)
    const text = `${share} % of the budget of ${usd(max)} for ${name} is spent (${usd(spentIn(after))}); at 100 % turns stop. It is budget.${key}.`
    return [{ type: "notice.posted", level: "warning", text, code: "budget.near" } as const]
  })
}

/** What to tell a person whose budget cannot count what is asked; undefined where it can, and where there is none. */
export function uncounted(model: string, info: ModelInfo | undefined, limits: Limits): string | undefined {
  const { microUsdMax, sessionMicroUsdMax, dayMicroUsdMax } = limits
  const hasBudget = [microUsdMax, sessionMicroUsdMax, dayMicroUsdMax].some((max) => max !== undefined)
  if (!hasBudget || info?.price !== undefined) return undefined
  return `No price of ${model} is known, so no budget counts it. Where it costs money, say so in config.toml under [models."${model}".price]: input = USD, output = USD, for a million tokens.`
}

/** Whether the session may ask nobody for more by itself: what is no step ends with the same budgets. */
export function isSpent({ settings: { limits } }: SessionState, { spent }: { spent(): Spent }): boolean {
  return overBudget(spent(), limits) !== undefined
}

function budgets({ sessionMicroUsdMax, dayMicroUsdMax }: Limits) {
  const all = [
    {
      ...{ name: "this session", key: "session_usd", when: ", or begin another session" },
      ...{ max: sessionMicroUsdMax, spentIn: (spent: Spent) => spent.sessionMicroUsd },
    },
    {
      ...{ name: "today", key: "day_usd", when: ", or go on tomorrow" },
      ...{ max: dayMicroUsdMax, spentIn: (spent: Spent) => spent.dayMicroUsd },
    },
  ]
  return all.flatMap(({ max, ...rest }) => (max === undefined ? [] : [{ ...rest, max }]))
}

export function usd(micro: number): string {
  return `$${(micro / 1e6).toFixed(micro < 10_000 ? 4 : 2)}`
}
