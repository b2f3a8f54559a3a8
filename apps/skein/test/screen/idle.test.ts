import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { bytesOf } from "@skein/term/driven"
import { describeBinary, IS_SOAK } from "../ground/binary.ts"
import { left, seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const IDLE_MS = IS_SOAK ? 600_000 : 4_000
const HANG_MS = IDLE_MS + 60_000
const CPU_SHARE_MAX = 0.005
/** The runtime looks after its memory once a second until it has been idle for half a minute. */
const WAKEUPS_PER_SECOND_MAX = IS_SOAK ? 1 : 3

describeBinary("a screen at which nothing happens", () => {
  test(
    "writes nothing, hardly wakes and uses next to no time, before and after a turn",
    async () => {
      using talk = talking({ text: "Hello." })
      const driven = seated(talk.scene)
      await driven.waitFor("claude")
      expect(await idleness(driven.pid, driven)).toEqual(IDLE)
      driven.type("hi")
      driven.press("enter")
      await driven.waitFor("Done")
      expect(await idleness(driven.pid, driven)).toEqual(IDLE)
      await left(driven)
    },
    HANG_MS,
  )
})

const IDLE = { bytes: 0, isAsleep: true, isCheap: true } as const

async function idleness(pid: number, driven: ReturnType<typeof seated>) {
  // What was begun, an index or a catalogue, comes to its end.
  await driven.waitStable(1_000)
  const before = { ...usedBy(pid), bytes: bytesOf(driven.recording) }
  await Bun.sleep(IDLE_MS)
  const after = usedBy(pid)
  const seconds = IDLE_MS / 1000
  const share = (after.cpuMs - before.cpuMs) / IDLE_MS
  const wakeups = (after.wakeups - before.wakeups) / seconds
  return {
    bytes: bytesOf(driven.recording) - before.bytes,
    isAsleep: wakeups < WAKEUPS_PER_SECOND_MAX || { wakeups },
    isCheap: share < CPU_SHARE_MAX || { share },
  }
}

/** Processor time of all its threads, and how often the one that has the timers went to sleep by itself. */
function usedBy(pid: number): { readonly cpuMs: number; readonly wakeups: number } {
  const read = (path: string) => readFileSync(`/proc/${pid}/${path}`, "utf8")
  const cpuMs = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(read(`task/${thread}/schedstat`).split(" ")[0]) / 1e6)
    .reduce((sum, ms) => sum + ms, 0)
  return { cpuMs, wakeups: Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read("status"))?.[1] ?? 0) }
}
