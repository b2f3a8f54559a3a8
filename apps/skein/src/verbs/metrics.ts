import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { jsonPage } from "@skein/protocol"
import { gathering, type Metrics, type Spread } from "../metrics/gather.ts"
import { objectsOf } from "../metrics/lines.ts"
import { withHost } from "../session/host.ts"
import { path } from "../session/request.ts"
import { duration } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein metrics [log file …]`: what the runtime log and the records without content tell of how it ran. */
export const run: Run = async (call) => {
  const { flags, words, io } = call
  const named = words.map((file) => path(file, io.cwd))
  const missing = named.find((file) => !existsSync(file))
  if (missing !== undefined) throw new UsageError(`There is no file ${missing}.`)
  const files =
    named.length > 0 ? named : await withHost(call, async ({ host }) => ownFiles(host.logFile, host.recordsDir))
  const metrics = await metricsOf(files)
  if (flags.has("json")) io.out(jsonPage(metrics))
  else for (const line of told(metrics, await io.columns())) io.out(line)
  return 0
}

/** Reads every file once, in order. */
export async function metricsOf(files: readonly string[]): Promise<Metrics> {
  const gathered = gathering()
  for (const file of files) {
    gathered.file()
    for await (const line of objectsOf(file)) gathered.add(line)
  }
  return gathered.result()
}

/** The runtime log, the one before it, and the records of every session. */
function ownFiles(log: string, recordsDir: string): string[] {
  const records = existsSync(recordsDir) ? readdirSync(recordsDir).filter((name) => name.endsWith(".jsonl")) : []
  return [`${log}.1`, log, ...records.toSorted().map((name) => join(recordsDir, name))].filter((file) =>
    existsSync(file),
  )
}

function told(
  { files, lines, malformed, levels, calls, steps, turns, screens, troubles }: Metrics,
  width: number,
): string[] {
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => `${count} ${oneLine(name)}`)
  const times = [
    ...(steps.time === undefined ? [] : [["model, whole step", steps.time] as const]),
    ...(steps.firstToken === undefined ? [] : [["model, first token", steps.firstToken] as const]),
    ...(screens?.keyMedian === undefined ? [] : [["key, half of a screen's", screens.keyMedian] as const]),
    ...(screens?.keyP99 === undefined ? [] : [["key, 99 of 100 of a screen's", screens.keyP99] as const]),
    ...Object.entries(calls.tools),
  ]
  return [
    `read     ${lines} lines of ${files} files, ${malformed} of them damaged`,
    `log      ${counted(levels).join(", ") || "nothing"}`,
    `turns    ${turns.started} started${["", ...counted(turns.outcomes)].join(", ")}`,
    `steps    ${steps.ended} ended, ${steps.discarded} discarded`,
    `calls    ${calls.settled} settled, ${calls.failed} of them without success`,
    ...(screens === undefined
      ? []
      : [`screens  ${screens.closed} closed, ${screens.frames} frames, ${screens.bytes} bytes, ${screens.keys} keys`]),
    ...(times.length === 0 ? [] : ["", ...timesTable(times, width)]),
    ...(troubles.length === 0
      ? []
      : ["", ...troubles.map(({ level, text, count }) => `${count} × ${oneLine(`${level}: ${text}`)}`)]),
  ]
}

function timesTable(times: readonly (readonly [string, Spread])[], width: number): string[] {
  const columns = [
    { head: "time of", isFlexible: true },
    { head: "count", isRight: true },
    { head: "median", isRight: true },
    { head: "95 of 100", isRight: true },
    { head: "longest", isRight: true },
  ]
  return table(
    columns,
    times.map(([name, { count, median, p95, max }]) => [
      name,
      String(count),
      duration(median),
      duration(p95),
      duration(max),
    ]),
    width,
  )
}
