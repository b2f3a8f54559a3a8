import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { bytesOf } from "@skein/term/driven"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { left, seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const IDLE_MS = IS_SOAK ? 600_000 : 4_000
/** How often idleness is looked at, at most. */
const WINDOWS = IS_SOAK ? 1 : 3
const HANG_MS = 2 * WINDOWS * IDLE_MS + 60_000
const CPU_SHARE_MAX = 0.005
/** The runtime looks after its memory once a second until it has been idle for half a minute. */
const WAKEUPS_PER_SECOND_MAX = IS_SOAK ? 1 : 3
/** Of all threads: each such look wakes its helpers too, some six of them. */
const ALL_WAKEUPS_PER_SECOND_MAX = IS_SOAK ? 1 : 100

describeBinary("a screen at which nothing happens", () => {
  test(
    "writes nothing, hardly wakes and uses next to no time, before and after a turn",
    async () => {
      using talk = talking({ text: "Hello." })
      const driven = seated(talk.scene)
      await driven.waitFor("claude")
      expect(await quietest(driven)).toEqual(IDLE)
      driven.type("hi")
      driven.press("enter")
      await driven.waitFor("Done")
      expect(await quietest(driven)).toEqual(IDLE)
      await left(driven)
    },
    HANG_MS,
  )
})

const IDLE = { bytes: 0, isAsleep: true, areAllAsleep: true, isCheap: true } as const

/** What wakes by itself does so in every window; what the machine does besides only adds to some. */
async function quietest(driven: ReturnType<typeof seated>) {
  for (let window = 1; ; window++) {
    const idle = await idleness(driven.pid, driven)
    if (window === WINDOWS || Bun.deepEquals(idle, IDLE)) return idle
  }
}

async function idleness(pid: number, driven: ReturnType<typeof seated>) {
  // What was begun, an index or a catalogue, comes to its end.
  await driven.waitStable(1_000)
  const before = { cpuMs: cpuMsOf(pid), bytes: bytesOf(driven.recording), switches: allSwitchesOf(pid) }
  const wakeups = (await wakeupsOf(pid)) / (IDLE_MS / 1000)
  const allWakeups = (allSwitchesOf(pid) - before.switches) / (IDLE_MS / 1000)
  const share = (cpuMsOf(pid) - before.cpuMs) / IDLE_MS
  if (IS_SOAK) {
    const rates = `wake-ups ${wakeups.toFixed(2)} a second, of all threads ${allWakeups.toFixed(2)}`
    console.log(`idle for ${IDLE_MS / 1000} s: CPU ${(share * 100).toFixed(3)} %, ${rates}`)
  }
  return {
    bytes: bytesOf(driven.recording) - before.bytes,
    isAsleep: wakeups < WAKEUPS_PER_SECOND_MAX || { wakeups },
    areAllAsleep: allWakeups < ALL_WAKEUPS_PER_SECOND_MAX || { allWakeups },
    isCheap: share < CPU_SHARE_MAX || { share },
  }
}

/** Of all its threads. */
function cpuMsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0)
}

/** How often any of its threads went to sleep by itself, each after something had woken it. */
function allSwitchesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => switchesIn(`/proc/${pid}/task/${thread}/status`))
    .reduce((sum, count) => sum + count, 0)
}

function switchesIn(status: string): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(status, "utf8"))?.[1])
}

/** How often the thread that has the timers woke: what it does at one waking, with waits for other threads in it, is one. */
async function wakeupsOf(pid: number): Promise<number> {
  const switches = () => switchesIn(`/proc/${pid}/status`)
  let wakeups = 0
  let last = switches()
  for (const endsAt = performance.now() + IDLE_MS; performance.now() < endsAt; ) {
    await Bun.sleep(LOOK_MS)
    const now = switches()
    if (now !== last) wakeups++
    last = now
  }
  return wakeups
}

const LOOK_MS = 20
