import type { Database } from "bun:sqlite"
import type { TypicalTurns } from "@skein/protocol"

/** How many turns are looked at, the newest first: what one does changes with the months. */
const TURNS_MAX = 500

interface TurnRow {
  readonly models: number
  readonly model: string
  readonly input: number
  readonly cache_read: number
  readonly cache_write: number
  readonly output: number
  readonly reasoning: number
  readonly duration_ms: number
  readonly first_token_ms: number | null
}

/** Medians of the newest turns, and of each model's own. */
export function typical(database: Database): TypicalTurns {
  const rows = database
    .query<TurnRow, [number]>(
      `SELECT COUNT(DISTINCT model) AS models, MAX(model) AS model, SUM(input) AS input, SUM(cache_read) AS cache_read,
         SUM(cache_write) AS cache_write, SUM(output) AS output, SUM(reasoning) AS reasoning,
         SUM(duration_ms) AS duration_ms, MIN(first_token_ms) AS first_token_ms
       FROM spent WHERE step = 1 AND turn IS NOT NULL GROUP BY log, turn ORDER BY MAX(at) DESC LIMIT ?`,
    )
    .all(TURNS_MAX)
  if (rows.length === 0) return { turns: 0, models: [] }
  const of = (value: (row: TurnRow) => number) => median(rows.map(value)) ?? 0
  const alone = Map.groupBy(
    rows.filter(({ models }) => models === 1),
    ({ model }) => model,
  )
  return {
    turns: rows.length,
    usage: {
      input: of((row) => row.input),
      cacheRead: of((row) => row.cache_read),
      cacheWrite: of((row) => row.cache_write),
      output: of((row) => row.output),
      reasoning: of((row) => row.reasoning),
    },
    models: [...alone]
      .map(([model, turns]) => ({
        ...{ model, turns: turns.length, turnMs: median(turns.map((row) => row.duration_ms)) ?? 0 },
        firstTokenMs: median(turns.flatMap((row) => row.first_token_ms ?? [])),
      }))
      .sort((a, b) => a.model.localeCompare(b.model)),
  }
}

/** The lower of the two in the middle. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}
