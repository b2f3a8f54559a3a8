import { breakText, jsonPage, type UsageReport, type UsageRow } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { newestSession, sessionNamed } from "../session/find.ts"
import { type Asking, withHost } from "../session/host.ts"
import { counted, duration, money, tokens } from "../tell/amounts.ts"
import { sinceOf } from "../tell/since.ts"
import { table } from "../tell/table.ts"
import type { Run } from "../verb.ts"

/** `skein stats`: what was asked of models, and what it took: by session, day, model and turn. */
export const run: Run = (call) => withHost(call, stats)

export async function stats({ call, engine, cwd }: Asking): Promise<number> {
  const { flags, io } = call
  const named = flags.text("session")
  const last = flags.has("last") ? await newestSession(engine, { cwd, includesNonInteractive: true }) : undefined
  const sessionId = named === undefined ? last : await sessionNamed(engine, named)
  const sinceMs = sinceOf(flags.text("since"), "since", io.now())
  const report = await engine.ask({
    type: "usage.report",
    ...given("sessionId", sessionId),
    ...given("sinceMs", sinceMs),
  })
  if (flags.has("json")) io.out(jsonPage(report))
  else for (const line of told(report, await io.columns())) io.out(line)
  return 0
}

/** What is shown of each list: the largest first where there is no other order. */
const ROWS_MAX = 10

function told({ total, sessions, days, models, turns }: UsageReport, width: number): string[] {
  const sections: readonly (readonly [string, readonly (readonly [string, UsageRow])[]])[] = [
    ["by model", models.map((row) => [row.model, row])],
    ["by day", days.map((row) => [row.day, row])],
    ["by session", sessions.map((row) => [`${beginningOf(row.sessionId)}  ${row.preview}`, row])],
    ["by turn", turns.map((row, at) => [`${at + 1}  ${row.preview}`, row])],
  ]
  const shown = sections.filter(([, rows]) => rows.length > 0)
  return [
    ...table(COLUMNS, [["all", ...cells(total)]], width),
    ...missLines(total),
    ...shown.flatMap(([name, rows]) => section(name, rows, width)),
  ]
}

/** What the cache could have held and did not, and why. */
function missLines({ misses = [] }: UsageRow): string[] {
  return misses.map(
    ({ cause, steps, tokens: count }) =>
      `read anew: ${tokens(count)} in ${counted(steps, "step")}: ${breakText({ cause })}`,
  )
}

/** Enough of an id to name the session by. */
function beginningOf(sessionId: string): string {
  return sessionId.slice(ID_AT, ID_AT + ID_CHARS)
}

const ID_AT = "ses_".length
const ID_CHARS = 13

const COLUMNS = [
  { isFlexible: true },
  { head: "steps", isRight: true },
  { head: "in", isRight: true },
  { head: "cached", isRight: true },
  { head: "out", isRight: true },
  { head: "cost", isRight: true },
  { head: "time", isRight: true },
  { head: "first", isRight: true },
  { head: "per s", isRight: true },
] as const

function section(name: string, rows: readonly (readonly [string, UsageRow])[], width: number): string[] {
  const [, ...heads] = COLUMNS
  const columns = [{ head: name, isFlexible: true }, ...heads]
  const more = rows.length > ROWS_MAX ? [`and ${rows.length - ROWS_MAX} more: --json has all`] : []
  return [
    "",
    ...table(
      columns,
      rows.slice(0, ROWS_MAX).map(([head, row]) => [head, ...cells(row)]),
      width,
    ),
    ...more,
  ]
}

/** All that went in, with the share of it that came from the cache beside it. */
function cells({ steps, usage, microUsd, modelMs, firstTokenMs, tokensPerSecond }: UsageRow): string[] {
  const sent = usage.input + usage.cacheRead + usage.cacheWrite
  return [
    String(steps),
    tokens(sent),
    sent === 0 ? "" : `${Math.round((usage.cacheRead / sent) * 100)}%`,
    tokens(usage.output),
    money(microUsd),
    duration(modelMs),
    firstTokenMs === undefined ? "" : duration(firstTokenMs),
    tokensPerSecond === undefined ? "" : rate(tokensPerSecond),
  ]
}

function rate(tokensPerSecond: number): string {
  return tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0)
}
