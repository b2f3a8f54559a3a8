/**
 * What it costs that sessions are long and many: `bun bench/sessions.ts [EVENTS] [SESSIONS]`. A made-up session is opened
 * by the engine until it takes input, from its replay point and without one, beside an empty session; and a data folder of
 * many sessions is listed and searched: the least of seven times. Exits 1 where a gate does not hold.
 */
import { mkdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fixtureLog } from "../adapters/store/src/diagnostics.ts"
import { catalogue, logs } from "../adapters/store/src/index.ts"
import { testEngine } from "../packages/testkit/src/play.ts"
import { scriptedModel } from "../packages/testkit/src/scripted-model.ts"
import { medianOf } from "./samples.ts"

const EMPTY_RATIO_MAX = 5
const BYTES_PER_EVENT_MAX = 1024
const ANSWER_MS_MAX = 100
const LOG_BYTES_MIN = 20_000_000
const REPS = 7

const [first = "", second = "", third = ""] = process.argv.slice(2)
if (first === "--open") await openOnce(second, third)
else process.exitCode = await main(Number(first || 60_000), Number(second || 10_000))

async function main(events: number, sessions: number): Promise<number> {
  const work = join(tmpdir(), "skein-bench-sessions")
  rmSync(work, { recursive: true, force: true })
  try {
    const verdicts = [...longOnes(join(work, "long"), events), ...(await manyOnes(join(work, "many"), sessions))]
    return verdicts.every((isHeld) => isHeld) ? 0 : 1
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function longOnes(dataDir: string, events: number): boolean[] {
  const path = logFile(dataDir, "ses_long")
  fixtureLog(path, { events, seed: 1, sessionId: "ses_long" })
  fixtureLog(logFile(dataDir, "ses_empty"), { events: 1, seed: 1, sessionId: "ses_empty" })
  const { size } = statSync(path)
  console.log(`a session of ${events} events, ${(size / 1e6).toFixed(1)} MB`)
  const whole = opened(dataDir, "ses_long")
  const runs = Array.from({ length: REPS }, () => ({
    long: opened(dataDir, "ses_long"),
    empty: opened(dataDir, "ses_empty"),
  }))
  const long = medianOf(runs.map((run) => run.long.ms))
  const empty = medianOf(runs.map((run) => run.empty.ms))
  const growth = medianOf(runs.map((run) => run.long.bytes - run.empty.bytes)) / events
  const growthWhole = (whole.bytes - (runs[0]?.empty.bytes ?? 0)) / events
  console.log(`  opened without a point: ${whole.ms.toFixed(1)} ms, ${growthWhole.toFixed(0)} bytes an event`)
  return [
    gate("the log is long enough", size >= Math.min(LOG_BYTES_MIN, events * 300), `${size} bytes`),
    gate(
      `ready for input in less than ${EMPTY_RATIO_MAX} times an empty session`,
      long < empty * EMPTY_RATIO_MAX,
      `${long.toFixed(1)} / ${empty.toFixed(1)} ms = ${(long / empty).toFixed(2)}`,
    ),
    gate(
      `memory grows by less than ${BYTES_PER_EVENT_MAX} bytes an event`,
      growth < BYTES_PER_EVENT_MAX,
      `${growth.toFixed(0)} bytes`,
    ),
  ]
}

async function manyOnes(dataDir: string, sessions: number): Promise<boolean[]> {
  for (let seed = 0; seed < sessions; seed++) {
    const sessionId = `ses_${seed}` as const
    fixtureLog(logFile(dataDir, sessionId), { events: 20 + (seed % 30), seed, sessionId })
  }
  const port = catalogue({ dataDir })
  const built = await timed(() => port.list({ limit: 50 }))
  console.log(`${sessions} sessions; first made from the logs in ${built.toFixed(0)} ms`)
  const list = await leastOf(() => port.list({ limit: 50 }))
  const search = await leastOf(() => port.search({ text: "parserquaba sess" }))
  const common = await leastOf(() => port.search({ text: "parser index sess" }))
  const fresh = await leastOf(async () => {
    port.close()
    await port.list({ limit: 50 })
  })
  port.close()
  console.log(`  words that stand in every third text are found in ${common.toFixed(1)} ms of processor time`)
  const detail = (ms: number) => `${ms.toFixed(1)} ms of processor time`
  return [
    gate(`a list in less than ${ANSWER_MS_MAX} ms`, list < ANSWER_MS_MAX, detail(list)),
    gate("the same by whoever opens the catalogue anew", fresh < ANSWER_MS_MAX, detail(fresh)),
    gate(`a search in less than ${ANSWER_MS_MAX} ms`, search < ANSWER_MS_MAX, detail(search)),
  ]
}

function gate(name: string, isHeld: boolean, reason: string): boolean {
  console.log(`${isHeld ? "PASS" : "FAIL"}  ${name}: ${reason}`)
  return isHeld
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** Processor time, of which others on the machine can only add a little: all files are in the cache by now. */
async function leastOf(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let rep = 0; rep < REPS; rep++) {
    const start = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1000)
  }
  return Math.min(...times)
}

function logFile(dataDir: string, sessionId: string): string {
  mkdirSync(join(dataDir, "sessions"), { recursive: true, mode: 0o700 })
  return join(dataDir, "sessions", `${sessionId}.jsonl`)
}

interface Opened {
  readonly ms: number
  readonly bytes: number
}

/** In a process of its own, so that its memory is that of this session. */
function opened(dataDir: string, sessionId: string): Opened {
  const run = Bun.spawnSync([process.execPath, import.meta.path, "--open", dataDir, sessionId])
  if (run.exitCode !== 0) throw new Error(run.stderr.toString())
  return JSON.parse(run.stdout.toString())
}

/** Opens a session and has it take an op; at its end a point is left for the next one. */
async function openOnce(dataDir: string, sessionId: string): Promise<void> {
  const engine = testEngine(scriptedModel(), { logs: logs({ dataDir }) })
  const id = `ses_${sessionId.slice(4)}` as const
  const start = performance.now()
  const receipt = await engine.submit({ type: "session.change", sessionId: id, labels: ["opened"] })
  const ms = performance.now() - start
  if (receipt.status !== "accepted") throw new Error(receipt.message)
  Bun.gc(true)
  const bytes = process.memoryUsage().rss
  await engine.close()
  await Bun.write(Bun.stdout, JSON.stringify({ ms, bytes }))
}
