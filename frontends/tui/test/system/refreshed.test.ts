import { expect, test } from "bun:test"
import { Refreshed } from "../../src/system/refreshed.ts"

/** Time that is moved by hand. */
function handClock() {
  let now = 0
  let sleeping: { until: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep(ms: number) {
      const { promise, resolve } = Promise.withResolvers<void>()
      sleeping.push({ until: now + ms, wake: resolve })
      return promise
    },
    async pass(ms: number) {
      now += ms
      for (const { wake } of sleeping.filter(({ until }) => until <= now)) wake()
      sleeping = sleeping.filter(({ until }) => until > now)
      await Bun.sleep(0)
    },
  }
}

test("who asks while it is made, or too soon after, gets the next one together, made as the last of them asked", async () => {
  const clock = handClock()
  const refreshed = new Refreshed<string>(1_000, clock)
  const made: string[] = []
  const make = (name: string) => async () => {
    made.push(name)
    return name
  }
  expect(await refreshed.ask(make("first"))).toBe("first")
  const [second, third] = [refreshed.ask(make("second")), refreshed.ask(make("third"))]
  await clock.pass(999)
  expect(made).toEqual(["first"])
  await clock.pass(1)
  expect(await Promise.all([second, third])).toEqual(["third", "third"])
  expect(made).toEqual(["first", "third"])
  await clock.pass(1_000)
  expect(await refreshed.ask(make("fourth"))).toBe("fourth")
})

test("one at a time, however long it takes, and a failure is told to those who asked for it alone", async () => {
  const clock = handClock()
  const refreshed = new Refreshed<string>(10, clock)
  const { promise, reject } = Promise.withResolvers<string>()
  const slow = refreshed.ask(() => promise)
  const next = refreshed.ask(async () => "next")
  await clock.pass(50)
  reject(new Error("too slow"))
  await expect(slow).rejects.toThrow("too slow")
  await clock.pass(50)
  expect(await next).toBe("next")
})
