import { expect, test } from "bun:test"
import { join } from "node:path"
import { ROWS } from "../src/providers/rows.ts"

test("the page of providers names each, its variables and its default model", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../../docs/providers.md")).text()
  const lines = page.split("\n")
  const missing = ROWS.flatMap((row) => {
    const line = lines.find((one) => one.startsWith(`| \`${row.id}\` |`)) ?? ""
    const words = [row.name, ...row.keyEnv, ...row.baseUrlEnv, row.defaultModel ?? ""]
    return words.filter((word) => !line.includes(word)).map((word) => `${row.id}: ${word}`)
  })

  expect(missing).toEqual([])
})
