import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs"
import type { ForeignSummary } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { parseObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { duration, minute, size, tokens } from "../../tell/amounts.ts"
import { table } from "../../tell/table.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { replayState } from "./diagnose.ts"

/**
 * `skein session summarize <file>`: what another program's log holds, whatever state it is in. One of our own is told as
 * `replay-state` tells it.
 */
export const run: Run = async (call) => {
  const { words, flags, io } = call
  const [word] = words
  if (word === undefined) throw new UsageError("Which file? Give the log of another program: summarize <file>.")
  const file = path(word, io.cwd)
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  if (isOurs(file)) return replayState(call)
  const summary = await withHost(call, async ({ host }) => (await host.foreign()).summarise(file))
  if (flags.has("json")) io.out(jsonPage(summary))
  else for (const line of told(summary, await io.columns())) io.out(line)
  return 0
}

/** Whether the file begins as every log of skein does. */
function isOurs(file: string): boolean {
  // What is read of a pipe is not there to be summed up.
  if (!statSync(file).isFile()) return false
  const begin = Buffer.alloc(FIRST_LINE_BYTES_MAX)
  const handle = openSync(file, "r")
  try {
    const [line = ""] = begin.toString("utf8", 0, readSync(handle, begin)).split("\n", 1)
    const first = parseObject(line)
    return first?.type === "session.created" && typeof first.sessionId === "string"
  } finally {
    closeSync(handle)
  }
}

/** Where a session began, with its settings and rules; a longer one is summed up as anybody's. */
const FIRST_LINE_BYTES_MAX = 256 * 1_024

export function told(summary: ForeignSummary, width: number): string[] {
  const { format, id, cwd, at, lastAt, models, lines, longestLine, malformed, tooLong, isTorn, turns, usage } = summary
  const rows: (readonly [string, string | undefined])[] = [
    ["format", format],
    ["session", id],
    ["folder", cwd],
    ["from", at === undefined ? undefined : minute(at)],
    ["to", lastAt === undefined || lastAt === 0 ? undefined : minute(lastAt)],
    ["models", models.join(", ")],
    ["lines", `${lines}, the longest ${size(longestLine.bytes)} (line ${longestLine.line})`],
    ["damaged", `${malformed.count} malformed, ${tooLong.count} too long${isTorn ? ", the last one torn" : ""}`],
    ["turns", `${turns.started} started, ${turns.done} done, ${turns.interrupted} interrupted, ${turns.failed} failed`],
    ["tokens", `${tokens(usage.input + usage.cacheRead + usage.cacheWrite)} in, ${tokens(usage.output)} out`],
    ["compacted", summary.compactions === 0 ? undefined : `${summary.compactions} times`],
  ]
  const tools = Object.entries(summary.tools).map(([name, { calls, success, error, cancelled, open, durationMs }]) => [
    ...[name, ...[calls, success, error, cancelled, open].map(String), duration(durationMs)],
  ])
  const heads = ["tool", "calls", "success", "error", "cancelled", "open", "time"]
  const columns = heads.map((head, index) => (index === 0 ? { head, isFlexible: true } : { head, isRight: true }))
  return [
    ...rows.flatMap(([name, text]) =>
      text === undefined || text === "" ? [] : [`${name.padEnd(10)}${oneLine(text)}`],
    ),
    ...(tools.length === 0 ? [] : ["", ...table(columns, tools, width)]),
    ...(summary.lost.length === 0 ? [] : [""]),
    ...summary.lost.map(({ why, count }) => `${count} × ${oneLine(why)}`),
  ]
}
