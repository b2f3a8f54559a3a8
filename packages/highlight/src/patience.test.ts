import { expect, test } from "bun:test"
import { Patience } from "./patience.ts"

test("all that is waited for in a moment has one bound, and patience comes back slower than time passes", () => {
  const patience = new Patience(15)
  expect(patience.left(1_000)).toBe(15)
  patience.spend(10, 1_000)
  expect(patience.left(1_000)).toBe(5)
  patience.spend(8, 1_000)
  expect(patience.left(1_000)).toBe(0)
  expect(patience.left(1_025)).toBeCloseTo(2)
  expect(patience.left(9_000)).toBe(15)
})
