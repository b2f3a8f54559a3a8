import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { keptQuirks } from "./kept.ts"
import type { Edit } from "./quirk.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-kept-quirks-"))
afterAll(() => rmSync(folder, { recursive: true }))

function holding(change: object) {
  const file = join(folder, "quirks.json")
  const quirk = { model: "mine/m", host: "mine.test", date: "2026-11-21", said: "no", change }
  writeFileSync(file, JSON.stringify({ quirks: [quirk] }))
  return keptQuirks(file, Date.now).all()
}

test("a file of quirks can take nothing out of a request that no server's words could", () => {
  const edits: readonly (Edit | object)[] = [
    { kind: "drop", path: "messages" },
    { kind: "drop", path: "store" },
    { kind: "drop", path: "messages.*.content.*.is_error" },
    { kind: "drop_keyword", keyword: "properties" },
  ]
  for (const edit of edits) expect(() => holding({ edits: [edit] })).toThrow(/there is no edit/)
  expect(() => holding({ dialect: { callIdLength: 1e15 } })).toThrow("dialect.callIdLength cannot be")
  expect(holding({ edits: [{ kind: "drop", path: "parallel_tool_calls" }] }).length).toBe(1)
})

test("a file of quirks that cannot be looked at is told as that, and a folder that is none holds none", () => {
  const loop = join(folder, "loop.json")
  symlinkSync(loop, loop)
  expect(() => keptQuirks(loop, Date.now).all()).toThrow("Cannot look at what was learned of models")
  expect(keptQuirks("/dev/null/quirks.json", Date.now).all()).toEqual([])
})
