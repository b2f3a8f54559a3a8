import { expect, test } from "bun:test"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fold } from "@skein/core"
import { summariseForeign } from "../src/index.ts"
import { FIXTURES, imported, nowhere } from "./scene.ts"

function place() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-hostile-")))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

const HEAD = { type: "session", version: 3, id: "0194", timestamp: "2026-01-05T10:00:00.000Z", cwd: "/w" }
const said = (id: string, parent: string | null, text: string, timestamp: unknown) => ({
  ...{ type: "message", id, parentId: parent, timestamp },
  message: { role: "user", content: [{ type: "text", text }], timestamp: 1 },
})

/** A log of these lines, imported. */
async function importedLines(lines: readonly unknown[]) {
  using own = place()
  const path = join(own.folder, "log.jsonl")
  writeFileSync(path, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"))
  return await imported(path)
}

test("a line nested deeper than anything can walk costs that line alone", async () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000)
  const line = `{"type":"message","id":"b","parentId":"a","message":{"role":"assistant","content":[{"type":"toolCall","id":"c","name":"bash","arguments":{"x":${deep}}}]}}`
  const { events, report } = await importedLines([HEAD, said("a", null, "one", 1), line, said("d", "a", "two", 2)])
  expect(report.malformed).toEqual({ count: 1, lines: [3] })
  expect(JSON.stringify(events)).toContain("two")
})

test("many brackets that are not nested, or stand in a text, are no depth", async () => {
  const text = "[{".repeat(5_000)
  const { events } = await importedLines([
    { ...HEAD, list: Array.from({ length: 2_000 }, () => [{}]) },
    said("a", null, text, 1),
  ])
  expect(JSON.stringify(events)).toContain(text)
})

test("a time that no clock can show is no time", async () => {
  for (const time of [1e300, 8.64e15, -1, "+275760-09-13T00:00:00.000Z"]) {
    const { events } = await importedLines([HEAD, said("a", null, "one", time)])
    for (const { at } of events) expect(new Date(at).getUTCFullYear()).toBeLessThan(10_000)
  }
})

test("arguments named like what every object has keep their names", async () => {
  const input = '{"constructor":1,"__proto__":{"x":1},"toString":"t","command":"ls"}'
  const call = `{"type":"message","id":"b","parentId":"a","message":{"role":"assistant","content":[{"type":"toolCall","id":"c","name":"bash","arguments":${input}}]}}`
  const { events } = await importedLines([HEAD, said("a", null, "one", 1), call])
  const asked = events.find((event) => event.type === "call.requested")
  expect(JSON.stringify(asked?.type === "call.requested" ? asked.input : undefined)).toBe(input)
  expect(Object.keys(fold(events))).not.toContain("x")
})

test("ids that would lead out of the store of opencode lead nowhere", async () => {
  using own = place()
  const store = join(own.folder, "storage")
  cpSync(join(FIXTURES, "opencode/storage"), store, { recursive: true })
  const secret = join(own.folder, "secret")
  cpSync(join(store, "message/ses_hand1"), secret, { recursive: true })
  rmSync(join(store, "message"), { recursive: true })
  mkdirSync(join(store, "message"))
  const path = join(store, "session/p1/ses_hand1.json")
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), id: "../../secret" }))
  const { events } = await imported(path)
  expect(events.filter(({ type }) => type === "turn.started")).toEqual([])
})

test("a pipe and a device are refused at once, not waited for", async () => {
  using own = place()
  const pipe = join(own.folder, "pipe.jsonl")
  await Bun.spawn(["mkfifo", pipe]).exited
  for (const path of [pipe, "/dev/zero"]) {
    expect(await nowhere.detect(path).catch(String)).toContain("it is no regular file")
    expect(await summariseForeign(path).catch(String)).toContain("it is no regular file")
  }
}, 20_000)

test("a database whose table is a view without end is of an unknown version, at once", async () => {
  using own = place()
  const path = join(own.folder, "opencode.db")
  const code = `
    import { Database } from "bun:sqlite"
    const database = new Database(${JSON.stringify(path)})
    for (const table of ["message (id, session_id, time_created, data)", "part (id, message_id, data)"])
      database.run("CREATE TABLE " + table)
    database.run("CREATE VIEW session AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, '/w' AS directory, 't' AS title, x AS time_created FROM n")
    database.close()
    const { importers } = await import(${JSON.stringify(join(import.meta.dir, "../src/index.ts"))})
    console.log(await importers({ home: "/nowhere", env: {} }).detect(${JSON.stringify(path)}).catch(String))
  `
  // In a process of its own, as nothing could end the query.
  const child = Bun.spawn([process.execPath, "-e", code], { timeout: 20_000, killSignal: "SIGKILL" })
  expect(await new Response(child.stdout).text()).toContain("it has no table session")
}, 30_000)
