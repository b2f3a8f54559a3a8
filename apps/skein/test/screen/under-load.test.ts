import { expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type Driven, type Percentiles, percentilesOf } from "@skein/term/driven"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { quota } from "../ground/quota.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { type Talking, talking } from "../ground/talking.ts"
import { fileCallsOf } from "../ground/traced.ts"

const HANG_MS = IS_SOAK ? 600_000 : 60_000
/** Of a made-up log that makes more than ten thousand turns; else some hundred. */
const EVENTS = IS_SOAK ? 260_000 : 8_000
const TURNS_MIN = IS_SOAK ? 10_000 : 200
const KEYS = IS_SOAK ? 350 : 40
const WARM_KEYS = IS_SOAK ? 150 : 5
const ENTERS = IS_SOAK ? 100 : 10
const CPU_SHARE = 0.2
/** What is promised, and ten times as much where the machine is shared. */
const TIMES = IS_SOAK ? 1 : 10
const KEY_P50_MS = 16 * TIMES
const P99_MS = 50 * TIMES
const FLOOD_BYTES_PER_SECOND_MIN = IS_SOAK ? 5e6 : 5e5

/** Half a megabyte, ten times a second; less is given where less is taken. `cat` costs least of the share. */
const PIECE = "head -c 524288 /dev/zero | tr '\\0' x | fold -w 79 > piece"
const COMMAND = `${PIECE}; while :; do cat piece; sleep 0.08; done`
const FLOOD = { name: "bash", args: { command: COMMAND, timeoutMs: 600_000 } }
const MODEL = "anthropic/claude-sonnet-5-5"

describeBinary("a session of thousands of turns, a tool that floods, and a fifth of a processor", () => {
  test(
    "shows each key and each line that is sent at once",
    async () => {
      using talk = talking({ text: "Flooding.", calls: [FLOOD] }, { text: "Stopped." })
      const driven = await resumed(talk)
      driven.type("go")
      await driven.waitFor("› go")
      driven.press("enter")
      await driven.waitFor(/bash[^\n]*(MB|kB)/)
      // The first seconds after so much was read are the compiler's: what is promised is of a session one works in.
      await keysSeen(driven, WARM_KEYS)
      const figures = await underQuota(driven)
      if (IS_SOAK) console.log(told(figures))
      driven.press("escape")
      await left(driven)
      const { keys, enters, rate } = figures
      const isAtOnce = keys.p50 < KEY_P50_MS && keys.p99 < P99_MS && enters.p99 < P99_MS
      expect(isAtOnce && rate >= FLOOD_BYTES_PER_SECOND_MIN ? "at once" : told(figures)).toBe("at once")
      expect(flawsIn(driven)).toEqual([])
    },
    HANG_MS,
  )

  test.if(Bun.which("strace") !== null)(
    "looks at no file for a key",
    async () => {
      using talk = talking({ text: "Here." })
      const driven = await resumed(talk)
      driven.type("wake up")
      await driven.waitFor("› wake up")
      await driven.waitStable(1_000)
      const calls = await fileCallsOf(driven.pid, async () => void (await keysSeen(driven, 60)))
      expect(calls).toEqual([])
      // The trace does see what is looked at.
      const looked = await fileCallsOf(driven.pid, async () => {
        driven.type("!!true")
        driven.press("enter")
        await driven.waitFor("exit 0")
      })
      expect(looked.some((line) => line.includes("execve"))).toBe(true)
      await left(driven)
    },
    HANG_MS,
  )
})

async function resumed({ scene }: Talking): Promise<Driven> {
  const folder = join(scene.data, "sessions")
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, "ses_fixture-1.jsonl")
  const made = ["fixture", "event-log", file, "--events", `${EVENTS}`, "--cd", scene.cwd]
  expect(await scene.run(made)).toMatchObject({ code: 0 })
  const turns = (await Bun.file(file).text()).split('"type":"turn.started"').length - 1
  expect(turns).toBeGreaterThanOrEqual(TURNS_MIN)
  const args = ["resume", "ses_fixture-1", "-m", MODEL, "--mode", "full", "--no-sandbox"]
  const driven = seated(scene, { columns: 120, rows: 40, args, isXterm: true })
  await driven.waitFor(`Notice ${EVENTS}`, HANG_MS / 2)
  return driven
}

async function underQuota(driven: Driven): Promise<Figures> {
  using held = quota(driven.pid, CPU_SHARE)
  const before = { bytes: floodedBytes(driven), atMs: driven.now() }
  const keys = percentilesOf(await keysSeen(driven, KEYS))
  const enters = percentilesOf(await linesSent(driven, ENTERS))
  const rate = (1000 * (floodedBytes(driven) - before.bytes)) / (driven.now() - before.atMs)
  return { keys, enters, rate, how: held.how }
}

/** As its row says. */
function floodedBytes(driven: Driven): number {
  const [, amount, unit] = /bash[^\n]* ([\d.]+) ([kMG]B)/.exec(driven.text()) ?? []
  return Number(amount) * ({ kB: 1e3, MB: 1e6, GB: 1e9 }[unit ?? ""] ?? Number.NaN)
}

/** From each key to the frame that shows it. The line is emptied before it would wrap. */
async function keysSeen(driven: Driven, count: number): Promise<number[]> {
  const times: number[] = []
  for (let key = 0, typed = ""; key < count; key++) {
    if (typed.length >= LINE_MAX) {
      driven.press("ctrl+u")
      await driven.until((text) => !text.includes(typed), "an empty line")
      typed = ""
    }
    // No stretch of it comes twice, so that what is seen is what was just typed.
    const next = String.fromCharCode(97 + (((key * key * 7 + key * 3 + (key >> 2)) >>> 1) % 26))
    typed += next
    times.push(await seen(driven, typed, () => driven.type(next)))
    // Some eleven keys a second, as quick hands do, at no steady beat with the frames or the periods of the quota.
    await Bun.sleep(60 + ((key * 7) % 61))
  }
  driven.press("ctrl+u")
  return times
}

const LINE_MAX = 40

const PAUSE_MS = 150

/** From each Enter to the row of what was sent, which waits for the next step; then it is taken back. */
async function linesSent(driven: Driven, count: number): Promise<number[]> {
  const times: number[] = []
  for (let line = 0; line < count; line++) {
    const text = `and line ${line} too`
    driven.type(text)
    await driven.waitFor(`› ${text}`)
    // A person who sends five lines a second is quick.
    await Bun.sleep(PAUSE_MS + ((line * 7) % 101))
    times.push(await seen(driven, `next step  ${text}`, () => driven.press("enter")))
    driven.press("alt+up")
    await driven.waitFor(`› ${text}`)
    driven.press("ctrl+u")
    await driven.until((screen) => !screen.includes(text), "nothing that waits")
  }
  return times
}

async function seen(driven: Driven, wanted: string, act: () => void): Promise<number> {
  const fromMs = driven.now()
  act()
  await driven.until((text) => text.includes(wanted), `${wanted} on the screen`)
  return driven.now() - fromMs
}

interface Figures {
  readonly keys: Percentiles
  readonly enters: Percentiles
  /** Bytes a second. */
  readonly rate: number
  readonly how: string
}

function told({ keys, enters, rate, how }: Figures): string {
  const of = ({ count, p50, p99, most }: Percentiles) =>
    `${count}, median ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${most.toFixed(1)} ms`
  return `keys: ${of(keys)}; lines: ${of(enters)}; flood: ${(rate / 1e6).toFixed(1)} MB/s; quota: ${how}`
}
