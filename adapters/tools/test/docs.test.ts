import { expect, test } from "bun:test"
import { join } from "node:path"
import { toolsPage } from "../scripts/tools-page.ts"
import { BUILTINS } from "../src/builtins.ts"

const PAGE = join(import.meta.dir, "../../../docs/tools.md")

test("docs/tools.md has a row for every tool, as the tools declare themselves (else run scripts/docs.ts)", async () => {
  const page = await Bun.file(PAGE).text()
  expect(page).toBe(toolsPage())
  const rows = page.split("\n").filter((line) => line.startsWith("| `"))
  expect(rows.map((line) => /^\| `(\w+)` \|/.exec(line)?.[1])).toEqual(BUILTINS.map(({ name }) => name))
  expect(rows.filter((line) => line.split(/(?<!\\)\|/).length !== 8)).toEqual([])
})
