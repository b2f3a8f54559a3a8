import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { report } from "../src/rule.ts"
import { ALSO_MEANS, bannedWords, GLOSSARY } from "../src/rules/words.ts"
import { RULES } from "../src/rules.ts"
import { readTree } from "../src/tree.ts"

const tree = readTree(join(import.meta.dir, "../../.."))
/** A rule takes seconds at most; a machine that does much else takes longer. */
const HANG_MS = 60_000

describe("of this repository it is true that", () => {
  for (const rule of RULES) {
    test(
      rule.name,
      () => {
        const said = report(rule, rule.check(tree))
        if (said !== "") throw new Error(said)
      },
      HANG_MS,
    )
  }
})

test("the tree that is read is this repository", () => {
  expect(tree.files.get("package.json")).toContain('"skein-workspace"')
  expect(tree.files.has("packages/protocol/src/index.ts")).toBe(true)
  expect([...tree.files.keys()].filter((path) => /(^|\/)(node_modules|dist|\.git)\//.test(path))).toEqual([])
})

test("the glossary is read, and every word that is excepted from it stands in it", () => {
  const glossary = tree.files.get(GLOSSARY) ?? ""
  expect(bannedWords(glossary).get("thread")).toBe("session")
  expect(
    Object.keys(ALSO_MEANS).filter((word) => !new RegExp(`\\| [^|]*\\b${word}\\b[^|]*\\|$`, "m").test(glossary)),
  ).toEqual([])
})
