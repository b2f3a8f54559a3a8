import { expect, test } from "bun:test"
import { driftDiff } from "../src/index.ts"

test("what changed stands between what both begin and end with", () => {
  expect(driftDiff("search", ["a", "b", "c", "d"], ["a", "x", "y", "d"])).toBe(
    "--- search as it was approved\n+++ search as it is now\n@@ -2,2 +2,2 @@\n-b\n-c\n+x\n+y",
  )
})

test("a line that is said twice is not taken for both ends", () => {
  expect(driftDiff("t", ["a", "a"], ["a"])).toEndWith("@@ -2,1 +2,0 @@\n-a")
})
