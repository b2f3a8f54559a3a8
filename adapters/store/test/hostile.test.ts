import { expect, test } from "bun:test"
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { meter } from "../src/index.ts"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"

test("whatever stands where an index or a point is made, the session goes on", async () => {
  for (const put of ["mkdir", "mkfifo", "ln -s /nowhere/at/all"]) {
    using own = scene()
    const log = await own.logs.create("ses_a")
    for (const suffix of ["index.json.tmp", "point.tmp", "index.json", "point"])
      await Bun.spawn(["bash", "-c", `${put} '${own.path("ses_a")}.${suffix}'`]).exited
    await log.append(events(600), { flush: true })
    await log.savePoint({ seq: 600, state: {} })
    await log.close()
    expect((await own.logs.read("ses_a")).length).toBe(600)
    const again = await own.logs.open("ses_a")
    expect(again.point?.seq ?? 0).toBe(0)
    await again.close()
    await own.logs.delete("ses_a")
  }
}, 20_000)

test("a log of gigabytes without an end of line is refused in bounded memory, and hides no other", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  own.place("ses_big", await bytesOf(sessionEvents("ses_big", 3, "b")))
  truncateSync(own.path("ses_big"), 6e9)
  const start = process.memoryUsage.rss()
  expect((await own.catalogue.list({})).map(({ sessionId }) => sessionId)).toEqual(["ses_a"])
  expect(await refusalOf(own.logs.open("ses_big"))).toContain("longer than 256 MB")
  expect(process.memoryUsage.rss() - start).toBeLessThan(1.2e9)
  own.catalogue.close()
}, 60_000)

test("an index or point of gigabytes is not read", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(300)))
  for (const suffix of ["index.json", "point"]) {
    writeFileSync(`${own.path("ses_a")}.${suffix}`, "")
    truncateSync(`${own.path("ses_a")}.${suffix}`, 3e9)
  }
  const start = process.memoryUsage.rss()
  const log = await own.logs.open("ses_a")
  expect(log.events.length).toBe(300)
  await log.close()
  expect(process.memoryUsage.rss() - start).toBeLessThan(5e8)
}, 60_000)

test("a catalogue's side files that are links are not written through, and others may not read it", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(20)))
  const bait = join(own.dataDir, "bait")
  for (const suffix of ["-wal", "-shm", "-journal"]) {
    writeFileSync(bait, "bait")
    const link = join(own.dataDir, `catalogue.sqlite${suffix}`)
    rmSync(link, { force: true })
    symlinkSync(bait, link)
    expect((await own.catalogue.list({ includesArchived: true })).length).toBe(1)
    expect((await own.catalogue.search({ text: "nothing" })).length).toBe(0)
    own.catalogue.close()
    expect(readFileSync(bait, "utf8")).toBe("bait")
  }
  for (const suffix of ["-wal", "-shm", "-journal"])
    rmSync(join(own.dataDir, `catalogue.sqlite${suffix}`), { force: true })
  expect((await own.catalogue.list({ includesArchived: true })).length).toBe(1)
  own.catalogue.close()
  chmodSync(join(own.dataDir, "catalogue.sqlite"), 0o644)
  expect((await own.catalogue.list({ includesArchived: true })).length).toBe(1)
  expect(statSync(join(own.dataDir, "catalogue.sqlite")).mode & 0o777).toBe(0o600)
  own.catalogue.close()
})

test("a session is deleted though another log cannot be read", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  mkdirSync(join(own.dataDir, "artifacts/ses_a"), { recursive: true })
  writeFileSync(join(own.dataDir, "artifacts/ses_a/x"), "x")
  mkdirSync(own.path("ses_b"))
  await own.logs.delete("ses_a")
  expect(await refusalOf(own.logs.read("ses_a"))).toContain("session.not_found")
})

test("records whose key was lost to a power cut, or is a pipe, are never kept under no key", async () => {
  for (const put of [": >", "mkfifo", "mkdir"]) {
    using own = scene()
    mkdirSync(join(own.dataDir, "records"))
    const key = join(own.dataDir, "records/key")
    await Bun.spawn(["bash", "-c", `${put} '${key}'`]).exited
    const sentences: string[] = []
    const port = meter({ dataDir: own.dataDir, onUnwritable: (sentence) => sentences.push(sentence) })
    port.record(events(20))
    await port.close()
    if (put === "mkdir") expect(sentences.length).toBe(1)
    else expect(readFileSync(key, "utf8").length).toBe(72)
  }
}, 20_000)

test("an index has no word of the model's own", async () => {
  using own = scene()
  const log = await own.logs.create("ses_a")
  const all = events(600)
  const call: DurableEvent = {
    ...{ v: 1, seq: 601, id: "evt_601", at: 1, sessionId: "ses_a", type: "call.requested" },
    ...{ turnId: "trn_a", step: 1, callId: "cal_canary", index: 0, name: "canary of the model", title: "canary of it" },
    ...{ kind: "other", locations: [], input: { text: "canary of the input" } },
  }
  await log.append([...all, call], { flush: true })
  await log.savePoint({ seq: 601, state: {} })
  await log.close()
  expect(readFileSync(`${own.path("ses_a")}.index.json`, "utf8")).toContain("cal_canary")
  expect(readFileSync(`${own.path("ses_a")}.index.json`, "utf8")).not.toContain("canary of")
})

test("a log that the system would not open just now is listed again as soon as it does", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  own.place("ses_b", await bytesOf(sessionEvents("ses_b", 3, "b")))
  // Root may open anything: then it happens as somebody else.
  const isRoot = process.getuid?.() === 0
  if (isRoot) Bun.spawnSync(["chown", "-R", "65534:65534", own.dataDir])
  const script = `
    const [dataDir, isRoot] = process.argv.slice(1)
    if (isRoot === "true") { process.setgid(65534); process.setuid(65534) }
    const { chmodSync } = require("node:fs")
    const { catalogue } = await import(${JSON.stringify(join(import.meta.dir, "../src/index.ts"))})
    const known = catalogue({ dataDir })
    const sessions = async () => (await known.list({})).map(({ sessionId }) => sessionId).sort().join()
    chmodSync(dataDir + "/sessions/ses_b.jsonl", 0)
    console.log(await sessions())
    chmodSync(dataDir + "/sessions/ses_b.jsonl", 0o600)
    console.log(await sessions())
    known.close()
    chmodSync(dataDir + "/sessions", 0o400)
    console.log(await known.list({}).then(() => "listed", (error) => error.message))
    chmodSync(dataDir + "/sessions", 0o700)
    known.close()
  `
  const ran = Bun.spawnSync([process.execPath, "-e", script, own.dataDir, String(isRoot)], { cwd: import.meta.dir })
  expect(ran.stderr.toString()).toBe("")
  expect(ran.stdout.toString().trim().split("\n")).toEqual([
    "ses_a",
    "ses_a,ses_b",
    expect.stringContaining("Check who may read it"),
  ])
})
