import { expect, test } from "bun:test"
import { fakeClock } from "@skein/testkit"
import { watchdog } from "./watchdog.ts"

/** Time passes in steps, and whatever waits for it goes on between them. */
async function pass(clock: ReturnType<typeof fakeClock>, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(100)
    await new Promise(setImmediate)
  }
}

test("silence is noticed after its limit, and by an eighth of it later at most", async () => {
  const clock = fakeClock()
  const noticed: number[] = []
  const watch = watchdog(clock, (limitMs) => noticed.push(limitMs))
  watch.limit(8000)
  await pass(clock, 3500)
  watch.touch()
  await pass(clock, 7900)
  expect(noticed).toEqual([])
  await pass(clock, 1100)
  expect(noticed).toEqual([8000])
})

test("what comes in time, a new limit and a stop keep it quiet", async () => {
  const clock = fakeClock()
  const noticed: number[] = []
  const watch = watchdog(clock, (limitMs) => noticed.push(limitMs))
  watch.limit(8000)
  for (let i = 0; i < 5; i++) {
    await pass(clock, 7000)
    watch.touch()
  }
  watch.limit(80_000)
  await pass(clock, 20_000)
  watch.stop()
  await pass(clock, 200_000)
  expect(noticed).toEqual([])
})

test("the time of day is not asked for, so it may jump", async () => {
  const clock = fakeClock()
  const noticed: number[] = []
  const blind = { sleep: clock.sleep, now: () => expect.unreachable("the time was asked for") }
  watchdog(blind, (limitMs) => noticed.push(limitMs)).limit(800)
  await pass(clock, 900)
  expect(noticed).toEqual([800])
})
