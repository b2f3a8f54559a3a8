import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { egressReport } from "./sums.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-sums-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = (at: number, more: object = {}) =>
  `${JSON.stringify({ at, host: "a.test", port: 443, purpose: "model", bytesOut: 10, bytesIn: 1, decision: "allowed", ...more })}\n`

const path = join(folder, "egress.jsonl")
writeFileSync(`${path}.2`, line(1, { sessionId: "ses_1" }))
writeFileSync(`${path}.1`, line(2, { sessionId: "ses_2" }) + line(3, { host: "é.test", bytesOut: 900 }))
const refused = { purpose: "command", decision: "refused", bytesOut: 0, bytesIn: 0, sessionId: "ses_2" }
writeFileSync(path, `${line(4, refused)}not a line\n{"at":"5"}\nnull\n${line(5, { sessionId: "ses_2" })}{"at":6,"ho`)

const short = async (which: Parameters<typeof egressReport>[1]) => {
  const { sums, damaged } = await egressReport(path, which)
  const told = sums.map(
    ({ decision, purpose, host, bytesOut, bytesIn, firstAt, lastAt }) =>
      `${decision} ${purpose} ${host} ${bytesOut}/${bytesIn} ${firstAt}-${lastAt}`,
  )
  return [...told, damaged]
}

test("the sums are of all files, what sent most first, what was refused last; lines that cannot be read are counted", async () => {
  expect(await short({})).toEqual([
    "allowed model é.test 900/1 3-3",
    "allowed model a.test 30/3 1-5",
    "refused command a.test 0/0 4-4",
    4,
  ])
})

test("of one session, since a time, of nothing at all", async () => {
  expect(await short({ sessionId: "ses_2" })).toEqual([
    "allowed model a.test 20/2 2-5",
    "refused command a.test 0/0 4-4",
    4,
  ])
  expect(await short({ sinceMs: 5 })).toEqual(["allowed model a.test 10/1 5-5", 4])
  expect(await egressReport(join(folder, "none"), {})).toEqual({ sums: [], damaged: 0 })
})
