import { expect, test } from "bun:test"
import { moneyText } from "./amounts.ts"

test("money below a cent has four places, and what is less than those can say is not told as nothing", () => {
  expect([0, 1, 49, 50, 4_200, 180_000].map(moneyText)).toEqual([
    "$0.00",
    "<$0.0001",
    "<$0.0001",
    "$0.0001",
    "$0.0042",
    "$0.18",
  ])
})
