import { expect, test } from "bun:test"
import { money } from "./text.ts"

test("money that is too little for four places is not told as nothing", () => {
  expect([0, 49, 50, 12_300].map(money)).toEqual(["$0.0000", "<$0.0001", "$0.0001", "$0.0123"])
})
