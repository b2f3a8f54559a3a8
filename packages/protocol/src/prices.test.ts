import { expect, test } from "bun:test"
import { NO_USAGE, type Price, priceOfUsage, priceOn } from "./index.ts"

const usage = (counts: Partial<typeof NO_USAGE>) => ({ ...NO_USAGE, ...counts })

test("the price of a day is the newest that holds on it", () => {
  const prices = [
    { since: "2026-06-01", input: 2, output: 8 },
    { input: 5, output: 25 },
    { since: "2027-01-01", input: 1, output: 4 },
  ]
  expect(["2026-05-31", "2026-06-01", "2026-12-31", "2027-02-02"].map((day) => priceOn(prices, day)?.input)).toEqual([
    5, 2, 2, 1,
  ])
  expect(priceOn(prices.slice(0, 1), "2026-05-31")).toBeUndefined()
})

test("a request above a band's bound is asked at that band's rates, all of it", () => {
  const price: Price = {
    ...{ input: 1, output: 10, cacheRead: 0.1 },
    bands: [
      { aboveTokens: 200_000, input: 2, output: 15, cacheRead: 0.2 },
      { aboveTokens: 500_000, input: 4, output: 20 },
    ],
  }
  expect(priceOfUsage(usage({ input: 100_000, cacheRead: 100_000, output: 10 }), price)).toBe(110_100)
  expect(priceOfUsage(usage({ input: 100_001, cacheRead: 100_000, output: 10 }), price)).toBe(220_152)
  expect(priceOfUsage(usage({ cacheRead: 600_000 }), price)).toBe(2_400_000)
})

test("what is kept for an hour is asked at its own rate, where there is one", () => {
  const written = usage({ cacheWrite: 1_000, cacheWriteLong: 400 })
  expect(priceOfUsage(written, { input: 4, output: 1, cacheWrite: 5, cacheWriteLong: 8 })).toBe(600 * 5 + 400 * 8)
  expect(priceOfUsage(written, { input: 4, output: 1, cacheWrite: 5 })).toBe(5_000)
  expect(priceOfUsage(written, { input: 4, output: 1 })).toBe(4_000)
})
