import { describe, expect, test } from "bun:test"
import type { Rule } from "../src/rule.ts"
import * as ambient from "../src/rules/ambient.ts"
import * as boundaries from "../src/rules/boundaries.ts"
import * as dependencies from "../src/rules/dependencies.ts"
import * as documents from "../src/rules/documents.ts"
import * as egress from "../src/rules/egress.ts"
import * as leaks from "../src/rules/leaks.ts"
import * as leftovers from "../src/rules/leftovers.ts"
import * as lua from "../src/rules/lua.ts"
import * as reach from "../src/rules/reach.ts"
import * as shape from "../src/rules/shape.ts"
import * as sizes from "../src/rules/sizes.ts"
import * as words from "../src/rules/words.ts"
import { RULES } from "../src/rules.ts"
import { treeOf } from "../src/tree.ts"
import { PACKAGES } from "./samples/packages.ts"
import type { Samples } from "./samples/sample.ts"
import { SOURCE } from "./samples/source.ts"
import { TEXT } from "./samples/text.ts"

const SAMPLES: Samples = { ...PACKAGES, ...SOURCE, ...TEXT }

const exported = {
  ...ambient,
  ...boundaries,
  ...dependencies,
  ...documents,
  ...egress,
  ...leaks,
  ...leftovers,
  ...lua,
  ...reach,
  ...shape,
  ...sizes,
  ...words,
}
const rules = Object.entries(exported).filter(
  (entry): entry is [string, Rule] => typeof entry[1] === "object" && "check" in entry[1],
)

test("every rule that is written is in force and has a sample that breaks it", () => {
  expect(rules.map(([, rule]) => rule.name).toSorted()).toEqual(RULES.map((rule) => rule.name).toSorted())
  expect(Object.keys(SAMPLES).toSorted()).toEqual(rules.map(([key]) => key).toSorted())
})

describe("in a tree that breaks it, the rule finds every breach:", () => {
  for (const [key, rule] of rules) {
    test(rule.name, () => {
      const found = rule.check(treeOf(SAMPLES[key]?.broken ?? {}))
      expect(found.map(({ path, what }) => `${path} ${what}`).toSorted()).toEqual(
        [...(SAMPLES[key]?.says ?? [])].toSorted(),
      )
      expect(found.length).toBeGreaterThan(0)
    })
  }
})

describe("in the same tree mended, the rule finds nothing:", () => {
  for (const [key, rule] of rules) {
    test(rule.name, () => {
      expect(rule.check(treeOf(SAMPLES[key]?.mended ?? {}))).toEqual([])
    })
  }
})
