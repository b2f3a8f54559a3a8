/** What one sitting at an agent's screen gives, for each scenario. */
import type { Agent } from "../agents.ts"
import { promptOf } from "../mock/script.ts"
import type { Arrival } from "../mock.ts"
import { cpuMsOf, fineCpuMsOf, machineCpuMs, memoryOf, wakeupsOf } from "../processes.ts"
import { medianOf } from "../samples.ts"
import { type Bench, placeOf } from "../trial.ts"
import { LAST_ANSWER } from "./history.ts"
import type { ScreenFigures, ScreenSample, ScreenScenario } from "./samples.ts"
import { type Sitting, sitDown } from "./sitting.ts"

/** One cell wide, and in nobody's own text. */
const KEY = "Ж"
const KEY_AGAIN_MS = 300
const KEY_LOST_MS = 2_000
const START_MS = 20_000
const SETTLE_MS = 5_000
const IDLE_MS = 10_000
const KEYS = 20
const PACED = { tokens: 1_000, rate: 100 }
/** Less than this many bytes in a tenth of a second is a spinner, not an answer. */
const SPINNER_BYTES = 400
const QUIET_MS = 1_500

/** What was on the screen is given to `look` before the agent leaves. */
export async function screenTrial(
  bench: Bench,
  agent: Agent,
  scenario: ScreenScenario,
  look: (sitting: Sitting) => void,
): Promise<ScreenSample | undefined> {
  const place = placeOf(bench, agent)
  const command = scenario === "again" ? agent.screenAgain?.(place) : agent.screen?.(place)
  if (command === undefined) return undefined
  const noiseBefore = noiseMs(bench)
  const sitting = sitDown(bench, agent, command)
  const figures = await TRIALS[scenario](sitting, bench, agent)
  look(sitting)
  const wallMs = sitting.now()
  const { cpuMs } = await sitting.leave()
  const othersCores = Math.max(0, noiseMs(bench) - noiseBefore - cpuMs) / wallMs
  if (typeof figures === "string") return { agent: agent.name, scenario, failure: figures, othersCores }
  return { agent: agent.name, scenario, ...figures, othersCores }
}

type Trial = (sitting: Sitting, bench: Bench, agent: Agent) => Promise<ScreenFigures | string>

const TRIALS: Readonly<Record<ScreenScenario, Trial>> = {
  async start(sitting) {
    const began = await begun(sitting)
    return typeof began === "string" ? began : { paintMs: began.paintMs, echoMs: began.echoMs }
  },

  async idle(sitting) {
    const began = await begun(sitting)
    if (typeof began === "string") return began
    await Bun.sleep(SETTLE_MS)
    const pids = sitting.processes()
    const before = { cpuMs: fineCpuMsOf(pids), wakeups: wakeupsOf(pids), bytes: sitting.bytes, atMs: sitting.now() }
    const idleBytes = memoryOf(pids)
    await Bun.sleep(IDLE_MS)
    const after = sitting.processes()
    const forMs = sitting.now() - before.atMs
    return {
      idleBytes,
      idlePercent: (100 * Math.max(0, fineCpuMsOf(after) - before.cpuMs)) / forMs,
      idleWakeups: (1000 * Math.max(0, wakeupsOf(after) - before.wakeups)) / forMs,
      idlePainted: sitting.bytes - before.bytes,
      ...keyFigures(await keysEchoed(sitting)),
    }
  },

  async paced(sitting, bench, agent) {
    const began = await begun(sitting)
    if (typeof began === "string") return began
    await Bun.sleep(Math.max(0, 3_000 - sitting.now()))
    sitting.type("\x7f".repeat(began.keys))
    await Bun.sleep(500)
    await fetch(`${bench.mock}/reset`, { method: "POST" })
    await typed(sitting, promptOf({ calls: 0, ...PACED, folder: placeOf(bench, agent).workspace }))
    const before = { cpuMs: cpuOf(sitting), bytes: sitting.bytes }
    sitting.type("\r")
    if (!(await answered(sitting, bench))) return "the answer did not come to its end"
    return { pacedCpuMs: cpuOf(sitting) - before.cpuMs, pacedPainted: sitting.bytes - before.bytes }
  },

  async again(sitting) {
    const began = await begun(sitting)
    if (typeof began === "string") return began
    const shownMs = await sitting.until(() => lettersOf(sitting).includes(LAST_ANSWER), START_MS)
    if (shownMs === undefined) return "the session's last answer is not on the screen"
    const againShownMs = began.shownMs ?? shownMs
    await Bun.sleep(SETTLE_MS)
    const againMs = Math.max(began.echoMs, againShownMs)
    return { againShownMs, againEchoMs: began.echoMs, againMs, againBytes: memoryOf(sitting.processes()) }
  },
}

interface Begun {
  readonly paintMs: number
  readonly echoMs: number
  readonly keys: number
  /** When the last answer of a resumed session was there. */
  readonly shownMs?: number
}

/** Until it is painted and a key typed as soon as it can be is seen. A key that does not show is typed again. */
async function begun(sitting: Sitting): Promise<Begun | string> {
  let shownMs: number | undefined
  const paintMs = await sitting.until(() => sitting.screen.lines().some((line) => line !== ""), START_MS)
  if (paintMs === undefined) return "nothing was painted"
  while (!sitting.isRaw() && sitting.now() < START_MS) await Bun.sleep(1)
  const before = countOf(sitting)
  for (let keys = 1; sitting.now() < START_MS; keys++) {
    sitting.type(KEY)
    const echoMs = await sitting.until(() => {
      if (shownMs === undefined && lettersOf(sitting).includes(LAST_ANSWER)) shownMs = sitting.now()
      return countOf(sitting) > before
    }, KEY_AGAIN_MS)
    if (echoMs !== undefined) return { paintMs, echoMs, keys, ...(shownMs === undefined ? {} : { shownMs }) }
  }
  return "a typed key was never seen"
}

/** Nearest rank. */
export function keyFigures(timesMs: readonly number[]): Pick<ScreenFigures, "keyMs" | "keyLateMs"> {
  const sorted = timesMs.toSorted((a, b) => a - b)
  return { keyMs: medianOf(sorted), keyLateMs: sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? 0 }
}

/** Of each key; one that is not seen counts with all the time that it had. */
export async function keysEchoed(
  sitting: Pick<Sitting, "screen" | "type" | "now" | "until">,
  keys = KEYS,
): Promise<number[]> {
  const times: number[] = []
  for (let key = 0; key < keys; key++) {
    const before = countOf(sitting)
    const atMs = sitting.now()
    sitting.type(KEY)
    const seenMs = await sitting.until(() => countOf(sitting) > before, KEY_LOST_MS)
    times.push(seenMs === undefined ? KEY_LOST_MS : seenMs - atMs)
    await Bun.sleep(100)
  }
  return times
}

/** By a quick hand, not as a paste: some agents take a burst of keys for one, and Enter for its last line. */
async function typed(sitting: Sitting, text: string): Promise<void> {
  for (let at = 0; at < text.length; at += 8) {
    sitting.type(text.slice(at, at + 8))
    await Bun.sleep(20)
  }
  await Bun.sleep(700)
}

/** The mock has said everything and nothing has been painted since but a spinner. */
async function answered(sitting: Sitting, bench: Bench): Promise<boolean> {
  const endsMs = sitting.now() + 40_000
  let isSaid = false
  let paintedMs = sitting.now()
  while (sitting.now() < endsMs) {
    const before = sitting.bytes
    await Bun.sleep(100)
    if (sitting.bytes - before > SPINNER_BYTES) paintedMs = sitting.now()
    if (!isSaid) {
      isSaid = await hasAnswered(bench)
      if (isSaid) paintedMs = sitting.now()
    } else if (sitting.now() - paintedMs > QUIET_MS) return true
  }
  return false
}

async function hasAnswered(bench: Bench): Promise<boolean> {
  const log = (await (await fetch(`${bench.mock}/log`)).json()) as readonly Arrival[]
  return log.some(({ kind, arrivedMs, answeredMs }) => kind === "script" && answeredMs > arrivedMs)
}

function countOf(sitting: Pick<Sitting, "screen">): number {
  return sitting.screen.lines().reduce((sum, line) => sum + line.split(KEY).length - 1, 0)
}

function lettersOf(sitting: Sitting): string {
  return sitting.screen
    .lines()
    .join("")
    .replace(/[^a-z]/g, "")
}

function cpuOf(sitting: Sitting): number {
  return sitting.processes().reduce((sum, pid) => sum + cpuMsOf(pid), 0)
}

/** What the machine has used, less what is ours. */
function noiseMs({ bystanders }: Bench): number {
  const own = process.cpuUsage()
  const servers = bystanders.reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  return machineCpuMs() - servers - (own.user + own.system) / 1000
}
