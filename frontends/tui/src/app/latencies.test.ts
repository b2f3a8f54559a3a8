import { expect, test } from "bun:test"
import { Latencies } from "./latencies.ts"

test("of a hundred keys one slow one is the last hundredth, and no more room is taken for more of them", () => {
  const latencies = new Latencies()
  expect(latencies.quantileMs(0.99)).toBeUndefined()
  for (let key = 0; key < 99; key++) latencies.add(0.31)
  latencies.add(42)
  expect([latencies.count, latencies.quantileMs(0.5), latencies.quantileMs(0.99), latencies.quantileMs(1)]).toEqual([
    100, 0.4, 0.4, 42,
  ])
})
