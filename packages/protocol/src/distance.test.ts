import { expect, test } from "bun:test"
import { editDistance, nearestName } from "./distance.ts"

test("a change is a letter added, removed, replaced, or two neighbours swapped", () => {
  const pairs = [
    ["read", "read"],
    ["read", "reads"],
    ["read", "red"],
    ["read", "road"],
    ["read", "raed"],
    ["", "abc"],
    ["kitten", "sitting"],
  ] as const
  expect(pairs.map(([a, b]) => editDistance(a, b))).toEqual([0, 1, 1, 1, 1, 3, 3])
})

test("of two names as near the one with as many letters was meant, in whatever order they stand", () => {
  for (const names of [
    ["mode", "model"],
    ["model", "mode"],
  ]) {
    expect(["modek", "modle"].map((word) => nearestName(word, names))).toEqual(["model", "model"])
    expect(nearestName("mole", names)).toBe("mode")
  }
})

test("the name that was meant is the nearest within a third of its letters", () => {
  const names = ["model", "mode", "resume"]
  expect(["modle", "mdoel", "Modle", "resmue", "rseum"].map((word) => nearestName(word, names))).toEqual([
    ...["model", "model", "model", "resume"],
    undefined,
  ])
})
