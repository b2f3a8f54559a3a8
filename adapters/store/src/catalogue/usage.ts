import type { Database } from "bun:sqlite"
import {
  addUsage,
  type MissCause,
  type MissRow,
  NO_USAGE,
  type SessionId,
  type TurnId,
  type UsageReport,
  type UsageRow,
} from "@skein/protocol"
import type { Session } from "./known.ts"
import { newestFirst, previewOf } from "./row.ts"

/** What was spent, by everything one may want to know it by. Days are named by `dayOf`. */
export function usage(
  database: Database,
  sessions: readonly Session[],
  filter: { readonly sessionId?: SessionId | undefined; readonly sinceMs?: number | undefined },
  dayOf: (ms: number) => string,
): UsageReport {
  const wanted = new Map(
    sessions
      .filter(({ state }) => filter.sessionId === undefined || state.row.sessionId === filter.sessionId)
      .map((session) => [session.key, session.state.row]),
  )
  const isOne = filter.sessionId !== undefined
  const total = new Sum()
  const bySession = new Sums<number>()
  const byDay = new Sums<string>()
  const byModel = new Sums<string>()
  const byTurn = new Sums<TurnId>()
  for (const spent of spentIn(database, isOne ? ([...wanted.keys()][0] ?? -1) : undefined, filter.sinceMs ?? 0)) {
    if (!wanted.has(spent.log)) continue
    for (const sum of [total, bySession.of(spent.log), byDay.of(dayOf(spent.at)), byModel.of(spent.model)])
      sum.add(spent)
    if (isOne && spent.turn !== null) byTurn.of(spent.turn).add(spent)
  }
  const previews = isOne ? turnPreviews(database, [...wanted.keys()][0] ?? -1) : new Map<TurnId, string>()
  return {
    total: total.row(),
    sessions: [...wanted]
      .filter(([key]) => bySession.has(key))
      .sort(([, a], [, b]) => newestFirst(a, b))
      .map(([key, row]) => ({
        ...{ sessionId: row.sessionId, preview: row.title ?? row.preview ?? "" },
        ...bySession.of(key).row(),
      })),
    days: byDay.rows((day) => ({ day })).sort((a, b) => (a.day < b.day ? 1 : -1)),
    models: byModel.rows((model) => ({ model })).sort((a, b) => a.model.localeCompare(b.model)),
    turns: byTurn.rows((turnId) => ({ turnId, preview: previews.get(turnId) ?? "" })),
  }
}

interface SpentRow {
  readonly log: number
  readonly turn: TurnId | null
  readonly at: number
  readonly model: string
  readonly step: number
  readonly input: number
  readonly cache_read: number
  readonly cache_write: number
  readonly output: number
  readonly reasoning: number
  readonly estimated: number
  readonly micro_usd: number | null
  readonly first_token_ms: number | null
  readonly duration_ms: number
  readonly miss_cause: MissCause | null
  readonly miss_tokens: number
}

function spentIn(database: Database, key: number | undefined, sinceMs: number) {
  return key === undefined
    ? database.query<SpentRow, [number]>("SELECT * FROM spent WHERE at >= ? ORDER BY log, seq").iterate(sinceMs)
    : database
        .query<SpentRow, [number, number]>("SELECT * FROM spent WHERE log = ? AND at >= ? ORDER BY seq")
        .iterate(key, sinceMs)
}

class Sum {
  #steps = 0
  #usage = NO_USAGE
  #microUsd: number | undefined
  #modelMs = 0
  readonly #firstTokenMs: number[] = []
  readonly #rate = { tokens: 0, ms: 0 }
  readonly #misses = new Map<MissCause, MissRow>()

  add(spent: SpentRow): void {
    this.#steps += spent.step
    this.#usage = addUsage(this.#usage, {
      input: spent.input,
      cacheRead: spent.cache_read,
      cacheWrite: spent.cache_write,
      output: spent.output,
      reasoning: spent.reasoning,
      ...(spent.estimated === 1 ? { isEstimated: true } : {}),
    })
    if (spent.micro_usd !== null) this.#microUsd = (this.#microUsd ?? 0) + spent.micro_usd
    this.#modelMs += spent.duration_ms
    if (spent.first_token_ms !== null) this.#streamed(spent, spent.first_token_ms)
    if (spent.miss_cause !== null) this.#missed(spent.miss_cause, spent.miss_tokens)
  }

  #streamed({ output, duration_ms }: SpentRow, firstTokenMs: number): void {
    this.#firstTokenMs.push(firstTokenMs)
    this.#rate.tokens += output
    this.#rate.ms += duration_ms - firstTokenMs
  }

  #missed(cause: MissCause, tokens: number): void {
    const before = this.#misses.get(cause)
    this.#misses.set(cause, { cause, steps: (before?.steps ?? 0) + 1, tokens: (before?.tokens ?? 0) + tokens })
  }

  row(): UsageRow {
    const times = this.#firstTokenMs.sort((a, b) => a - b)
    return {
      steps: this.#steps,
      usage: this.#usage,
      microUsd: this.#microUsd,
      modelMs: this.#modelMs,
      firstTokenMs: times[Math.floor((times.length - 1) / 2)],
      tokensPerSecond: this.#rate.ms > 0 ? (this.#rate.tokens * 1_000) / this.#rate.ms : undefined,
      ...(this.#misses.size > 0 ? { misses: [...this.#misses.values()].sort((a, b) => b.tokens - a.tokens) } : {}),
    }
  }
}

class Sums<K> {
  readonly #sums = new Map<K, Sum>()

  of(key: K): Sum {
    const sum = this.#sums.get(key) ?? new Sum()
    this.#sums.set(key, sum)
    return sum
  }

  has(key: K): boolean {
    return this.#sums.has(key)
  }

  /** Each with what `named` says of its key. */
  rows<N extends object>(named: (key: K) => N): (UsageRow & N)[] {
    return [...this.#sums].map(([key, sum]) => ({ ...named(key), ...sum.row() }))
  }
}

function turnPreviews(database: Database, key: number): Map<TurnId, string> {
  const rows = database.query<{ turn: TurnId | null; text: string }, [number]>(
    "SELECT turn, text FROM prompts WHERE log = ? ORDER BY seq",
  )
  const previews = new Map<TurnId, string>()
  for (const { turn, text } of rows.iterate(key)) {
    if (turn !== null && !previews.has(turn)) previews.set(turn, previewOf([{ type: "text", text }]))
  }
  return previews
}
