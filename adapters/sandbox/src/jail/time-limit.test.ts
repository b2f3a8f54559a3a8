import { expect, test } from "bun:test"
import { timeLimit } from "./time-limit.ts"

const measured = async (over: Promise<void>): Promise<number> => {
  const startedAt = performance.now()
  await over
  return performance.now() - startedAt
}

test("pauses that overlap count once, and time goes on behind the last", async () => {
  const limit = timeLimit(30, 10_000)
  const took = measured(limit.begin())
  await Promise.all([limit.pauseFor(Bun.sleep(60)), limit.pauseFor(Bun.sleep(120))])
  expect(await took).toBeGreaterThan(140)
})

test("who never stops asking has the pauses and the time, and no more", async () => {
  const limit = timeLimit(20, 40)
  const took = measured(limit.begin())
  void limit.pauseFor(new Promise(() => {}))
  void limit.pauseFor(new Promise(() => {}))
  expect(await took).toBeLessThan(2_000)
  void limit.pauseFor(Promise.resolve())
})

test("a question before the beginning and one that fails leave the time as it is", async () => {
  const limit = timeLimit(20, 10_000)
  await limit.pauseFor(Promise.resolve())
  const took = measured(limit.begin())
  await limit.pauseFor(Promise.reject(new Error("nobody"))).catch(() => undefined)
  expect(await took).toBeLessThan(2_000)
})
