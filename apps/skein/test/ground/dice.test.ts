import { expect, test } from "bun:test"
import { dice, shuffled } from "./dice.ts"

const TEN = Array.from({ length: 10 }, (_, at) => at)

test("the same seed throws the same, and gives the same order of the same things", () => {
  const ordered = (seed: number) => shuffled(TEN, dice(seed))
  expect(ordered(7)).toEqual(ordered(7))
  expect(ordered(7)).not.toEqual(ordered(8))
  expect(ordered(7).toSorted((a, b) => a - b)).toEqual(TEN)
})
