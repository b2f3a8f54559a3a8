import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { report } from "../src/rule.ts"
import { RULES } from "../src/rules.ts"
import { readTree } from "../src/tree.ts"

const tree = readTree(join(import.meta.dir, "../../.."))

describe("of this repository it is true that", () => {
  for (const rule of RULES) {
    test(rule.name, () => {
      const said = report(rule, rule.check(tree))
      if (said !== "") throw new Error(said)
    })
  }
})

test("the tree that is read is this repository", () => {
  expect(tree.files.get("package.json")).toContain('"skein-workspace"')
  expect(tree.files.has("packages/protocol/src/index.ts")).toBe(true)
  expect([...tree.files.keys()].filter((path) => /(^|\/)(node_modules|dist|\.git)\//.test(path))).toEqual([])
})
