import { expect, test } from "bun:test"
import { inTime } from "./in-time.ts"

const NEVER = Promise.withResolvers<never>().promise

test("what hangs is given up after a time", async () => {
  expect(await inTime(NEVER, 5, "late")).toBe("late")
})

test("what comes in time is as it came, and what fails in time fails", async () => {
  expect(await inTime(Promise.resolve("here"), 60_000, "late")).toBe("here")
  const failure = new Error("The disk is full.")
  await expect(inTime(Promise.reject(failure), 60_000, "late")).rejects.toBe(failure)
})
