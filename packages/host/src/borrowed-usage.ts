import { addUsage, type UsageReport, type UsageRow } from "@skein/protocol"

/** Two reports of what was spent, of which neither counts what the other does, as one, without turns. Medians are those of the larger. */
export function bothSpent(one: UsageReport, other: UsageReport): UsageReport {
  return {
    total: rowsAdded(one.total, other.total),
    sessions: merged(one.sessions, other.sessions, ({ sessionId }) => sessionId),
    days: merged(one.days, other.days, ({ day }) => day).toSorted((a, b) => b.day.localeCompare(a.day)),
    models: merged(one.models, other.models, ({ model }) => model).toSorted((a, b) => a.model.localeCompare(b.model)),
    turns: [],
  }
}

/** Rows of the same key become one; those of `other` alone come first, as the newer ones. */
function merged<R extends UsageRow>(one: readonly R[], other: readonly R[], keyOf: (row: R) => string): R[] {
  const rows = new Map(one.map((row) => [keyOf(row), row]))
  const added = other.filter((row) => !rows.has(keyOf(row)))
  for (const row of other) {
    const known = rows.get(keyOf(row))
    if (known !== undefined) rows.set(keyOf(row), { ...known, ...rowsAdded(known, row) })
  }
  return [...added, ...rows.values()]
}

function rowsAdded(one: UsageRow, other: UsageRow): UsageRow {
  const larger = other.steps > one.steps ? other : one
  const isPriced = one.microUsd !== undefined || other.microUsd !== undefined
  const misses = missesAdded(one, other)
  return {
    steps: one.steps + other.steps,
    usage: addUsage(one.usage, other.usage),
    microUsd: isPriced ? (one.microUsd ?? 0) + (other.microUsd ?? 0) : undefined,
    modelMs: one.modelMs + other.modelMs,
    firstTokenMs: larger.firstTokenMs,
    tokensPerSecond: larger.tokensPerSecond,
    ...(misses.length === 0 ? {} : { misses }),
  }
}

function missesAdded(one: UsageRow, other: UsageRow): NonNullable<UsageRow["misses"]> {
  const rows = [...(one.misses ?? []), ...(other.misses ?? [])]
  const byCause = Map.groupBy(rows, ({ cause }) => cause)
  return [...byCause]
    .map(([cause, same]) => ({
      cause,
      steps: same.reduce((sum, { steps }) => sum + steps, 0),
      tokens: same.reduce((sum, { tokens }) => sum + tokens, 0),
    }))
    .toSorted((a, b) => b.tokens - a.tokens)
}
