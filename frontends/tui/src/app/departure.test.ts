import { expect, test } from "bun:test"
import { departed } from "./departure.ts"

const NEVER = Promise.withResolvers<never>().promise

test("what hangs is left as it is after a time", async () => {
  expect(await departed(NEVER, NEVER, 5)).toEqual({ isKept: true, isCutShort: true })
})

test("what fails is told, and what ends in time is as it says", async () => {
  const failure = new Error("The disk is full.")
  expect(await departed(Promise.reject(failure), NEVER, 60_000)).toEqual({ isKept: true, failure })
  expect(await departed(Promise.resolve({ isKept: false }), NEVER, 60_000)).toEqual({ isKept: false })
})
