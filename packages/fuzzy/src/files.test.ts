import { expect, test } from "bun:test"
import { findFiles } from "./files.ts"

const files = [
  "README.md",
  "src/router.ts",
  "src/user-router.ts",
  "lib/routes/a.ts",
  "src/checkout/debounce.ts",
  "docs/",
]
const found = (query: string, list: readonly string[] = files) => findFiles(list, query, 5).map(({ path }) => path)

test("a name that begins with what is typed comes first, then one that holds it, then a path", () => {
  expect(found("rout").slice(0, 3)).toEqual(["src/router.ts", "src/user-router.ts", "lib/routes/a.ts"])
  expect(found("chdeb")).toEqual(["src/checkout/debounce.ts"])
  expect(found("src deb")).toEqual(["src/checkout/debounce.ts"])
  expect(found("zzz")).toEqual([])
  expect(found("")).toEqual(files.slice(0, 5))
})

test("what is found does not depend on what was asked before", () => {
  const fresh = (query: string) => found(query, [...files])
  const queries = ["r", "ro", "rou", "ro", "d", "de", "deb", "src", "srcd", "r", "", "rx", "r"]
  expect(queries.map((query) => found(query))).toEqual(queries.map(fresh))
})

test("typing goes on within what matched: 50,000 paths are looked through in a few milliseconds at most", () => {
  const many = Array.from({ length: 50_000 }, (_, at) => `packages/p${at % 97}/src/part-${at % 13}/file-${at}-name.ts`)
  findFiles(many, "f", 8)
  const begun = performance.now()
  for (const query of ["fi", "fil", "file", "file-", "file-4", "file-49", "file-499"]) findFiles(many, query, 8)
  expect(findFiles(many, "file-49999", 8)[0]?.path).toContain("file-49999-name")
  expect(performance.now() - begun).toBeLessThan(1000)
})
