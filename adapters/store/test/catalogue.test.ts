import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent, SessionId } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { listSessions } from "../src/catalogue/list.ts"
import { fixtureEvents, fixtureLog } from "../src/diagnostics.ts"
import { catalogue } from "../src/index.ts"
import { damages } from "./damage.ts"
import { bytesOf, rounds, scene } from "./scene.ts"

type Scene = ReturnType<typeof scene>

const EVERYTHING = { includesArchived: true, includesNonInteractive: true }

/** Sessions of every kind: forks, labels, archived ones, torn and damaged ones. */
async function populated(own: Scene): Promise<void> {
  for (let seed = 1; seed <= 12; seed++) {
    const events = [...fixtureEvents({ events: 30 + seed * 5, seed, sessionId: `ses_${seed}` })]
    const [created, ...rest] = events
    const changed = { ...created, isInteractive: seed % 4 !== 0 } as DurableEvent
    const last = { ...events.at(-1), type: "session.changed", isArchived: seed % 5 === 0, labels: [`l${seed % 3}`] }
    const bytes = await bytesOf([changed, ...rest.slice(0, -1), last as DurableEvent])
    own.place(`ses_${seed}`, seed % 6 === 0 ? Buffer.concat([bytes, Buffer.from('{"torn":')]) : bytes)
  }
  const damaged = await bytesOf([...fixtureEvents({ events: 200, seed: 99, sessionId: "ses_damaged" })])
  damaged[20_000] = (damaged[20_000] ?? 0) ^ 1
  own.place("ses_damaged", damaged)
}

async function answers(own: Scene, dataDir = own.dataDir) {
  const port = catalogue({ dataDir })
  try {
    return {
      list: await port.list(EVERYTHING),
      search: (await port.search({ text: "parser index" })).map((hit) => [hit.session.sessionId, hit.seq, hit.snippet]),
      prompts: await port.prompts({}),
      usage: await port.usage({}),
    }
  } finally {
    port.close()
  }
}

test("the catalogue lists what the logs say, whoever is asked for", async () => {
  using own = scene()
  await populated(own)
  for (const filter of [
    EVERYTHING,
    {},
    { label: "l1" },
    { limit: 3 },
    { cwd: "/repo/7" },
    { includesArchived: true },
  ]) {
    const truth = await listSessions(own.dataDir, filter, () => {})
    expect(truth.length).toBeGreaterThan(0)
    expect(await own.catalogue.list(filter)).toEqual(truth)
  }
  own.catalogue.close()
})

test("deleted or damaged in any way, it is made anew and says the same", async () => {
  using own = scene()
  await populated(own)
  const before = await answers(own)
  expect(before.search.length).toBeGreaterThan(5)
  const path = join(own.dataDir, "catalogue.sqlite")
  for (const [name, damage] of damages) {
    damage(path)
    expect([name, await answers(own)]).toEqual([name, before])
    expect([name, statSync(path).mode & 0o777]).toEqual([name, 0o600])
  }
  // Damage that SQLite does not see: a row that says something else.
  const database = new Database(path)
  database.run(`UPDATE logs SET state = replace(state, '"preview":"', '"preview":"FORGED ')`)
  database.close()
  expect(await answers(own)).toEqual(before)
  for (const wrong of ["PRAGMA user_version = 99", "DROP TABLE places", "DELETE FROM logs WHERE key % 2 = 0"]) {
    const other = new Database(path)
    other.run(wrong)
    other.close()
    expect([wrong, (await answers(own)).list]).toEqual([wrong, before.list])
  }
})

test("where it cannot be kept, every question has the same answer", async () => {
  using own = scene()
  await populated(own)
  const before = await answers(own)
  rmSync(join(own.dataDir, "catalogue.sqlite"), { force: true })
  mkdirSync(join(own.dataDir, "catalogue.sqlite"))
  expect(await answers(own)).toEqual(before)
  expect(readdirSync(own.dataDir).toSorted()).toEqual(["catalogue.sqlite", "sessions"])
})

test("it follows no link", async () => {
  using own = scene()
  await populated(own)
  const bait = join(own.dataDir, "bait")
  writeFileSync(bait, "bait")
  symlinkSync(bait, join(own.dataDir, "catalogue.sqlite"))
  expect((await answers(own)).list.length).toBe(13)
  expect(await Bun.file(bait).text()).toBe("bait")
})

test("while another process writes it, the list is right at once and the rest as new as it can be", async () => {
  using own = scene()
  await populated(own)
  await answers(own)
  const other = new Database(join(own.dataDir, "catalogue.sqlite"))
  other.run("BEGIN IMMEDIATE")
  own.place("ses_new", await bytesOf(sessionEvents("ses_new", 2, "quite new", { at: 4e12 })))
  const start = performance.now()
  expect((await own.catalogue.list({}))[0]).toMatchObject({ sessionId: "ses_new", preview: "quite new" })
  expect((await own.catalogue.search({ text: "parser" })).length).toBeGreaterThan(0)
  expect(performance.now() - start).toBeLessThan(10_000)
  other.run("ROLLBACK")
  other.close()
  expect((await own.catalogue.search({ text: "quite new" })).length).toBe(1)
  own.catalogue.close()
})

test("two catalogues of one folder, asked at once, say the same and count nothing twice", async () => {
  using own = scene()
  await populated(own)
  const both = await Promise.all([answers(own), answers(own)])
  expect(both[0]).toEqual(both[1])
  // The same when both read on from the same place: so many logs that one cannot be done before the other begins.
  const halves = Array.from({ length: 50 }, (_, index) => [
    ...fixtureEvents({ events: 60, seed: 100 + index, sessionId: `ses_x${index}` }),
  ])
  for (const half of halves) own.place(half[0]?.sessionId ?? "ses_none", await bytesOf(half.slice(0, 30)))
  await answers(own)
  for (const half of halves) own.place(half[0]?.sessionId ?? "ses_none", await bytesOf(half))
  const grown = await Promise.all([answers(own), answers(own)])
  rmSync(join(own.dataDir, "catalogue.sqlite"))
  expect(grown).toEqual([await answers(own), await answers(own)])
})

test("before there is a session nothing is made", async () => {
  using own = scene()
  await answers(own)
  expect(readdirSync(own.dataDir)).toEqual([])
})

test("only logs that changed are read, and only what is new in them", async () => {
  using own = scene()
  await populated(own)
  const path = own.path("ses_3")
  utimesSync(path, 1000, 1000)
  const before = await answers(own)
  // Garbage of the same length and time in place of what was read: nobody looks.
  const good = await Bun.file(path).bytes()
  writeFileSync(path, Buffer.alloc(good.length, "x"))
  utimesSync(path, 1000, 1000)
  expect(await answers(own)).toEqual(before)

  writeFileSync(path, good)
  const log = await own.logs.open("ses_3")
  const seq = (log.events.at(-1)?.seq ?? 0) + 1
  const added = {
    type: "session.changed",
    title: "Added",
    v: 1,
    seq,
    id: "evt_x",
    at: 5e12,
    sessionId: "ses_3",
  } as const
  await log.append([added], { flush: false })
  await log.close()
  // What was read before may even be damaged.
  const bytes = await Bun.file(path).bytes()
  bytes[300] = (bytes[300] ?? 0) ^ 1
  writeFileSync(path, bytes)
  const after = await answers(own)
  expect(after.list[0]).toMatchObject({ sessionId: "ses_3", title: "Added", updatedAt: 5e12 })
  expect(after.usage).toEqual({ ...before.usage, sessions: expect.anything() })
})

test("a log that was replaced is read anew", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(sessionEvents("ses_a", 5, "before")))
  expect((await own.catalogue.search({ text: "before" })).length).toBe(1)
  own.place("ses_a", await bytesOf(sessionEvents("ses_a", 9, "after it")))
  expect(await own.catalogue.search({ text: "before" })).toEqual([])
  expect((await own.catalogue.search({ text: "after" })).length).toBe(1)
  own.catalogue.close()
})

test("a project that was renamed, moved or is reached by a link finds its sessions, and no other does", async () => {
  using own = scene()
  const at = (name: string) => join(own.dataDir, "code", name)
  mkdirSync(at("project"), { recursive: true })
  mkdirSync(at("other"))
  const { ino, birthtimeMs } = statSync(at("project"))
  const [created, ...rest] = sessionEvents("ses_a", 3, "hello", { cwd: at("project") })
  const folder = { inode: ino, bornMs: birthtimeMs }
  own.place(
    "ses_a",
    await bytesOf([{ ...created, workspace: { path: at("project"), folder } } as DurableEvent, ...rest]),
  )
  own.place("ses_b", await bytesOf(sessionEvents("ses_b", 3, "hello", { cwd: at("project") })))
  const found = async (name: string) =>
    (await own.catalogue.list({ cwd: at(name) })).map((row) => row.sessionId).toSorted()
  const both: SessionId[] = ["ses_a", "ses_b"]
  expect([await found("project"), await found("other")]).toEqual([both, []])
  symlinkSync(at("project"), at("link"))
  expect(await found("link")).toEqual(both)

  renameSync(at("project"), at("renamed"))
  rmSync(at("link"))
  expect([await found("renamed"), await found("project")]).toEqual([["ses_a"], both])
  // Moved, with a link left behind: both are here, also the one that knew only the path.
  symlinkSync(at("renamed"), at("project"))
  expect([await found("renamed"), await found("other")]).toEqual([both, []])
  expect((await own.catalogue.prompts({ cwd: at("renamed") })).length).toBe(1)
  expect((await own.catalogue.search({ text: "hello", cwd: at("other") })).length).toBe(0)
  own.catalogue.close()
})

test("what was left by a rewind, and words with accents, are found; marks in texts mark nothing", async () => {
  using own = scene()
  const all = sessionEvents("ses_a", 6, "Café \ue000forged\ue001 déjà vu")
  const rewound = { ...all[5], type: "session.rewound", toSeq: 1 } as DurableEvent
  own.place("ses_a", await bytesOf([...all.slice(0, 5), rewound]))
  const [hit] = await own.catalogue.search({ text: "cafe deja" })
  expect(hit?.snippet).toBe("\ue000Café\ue001 forged \ue000déjà\ue001 vu")
  own.catalogue.close()
})

test("any part of a sentence is found in a script without spaces, and shown as it was written", async () => {
  using own = scene()
  const text = "请修复SQLite数据库的索引。 データベースを直す"
  own.place("ses_a", await bytesOf(sessionEvents("ses_a", 2, text)))
  const snippets = async (question: string) =>
    (await own.catalogue.search({ text: question })).map((hit) => hit.snippet)
  expect(await snippets("数据库")).toEqual(["请修复SQLite\ue000数据库\ue001的索引。 データベースを直す"])
  expect(await snippets("sqlite")).toEqual(["请修复\ue000SQLite\ue001数据库的索引。 データベースを直す"])
  expect((await snippets("ベース")).length).toBe(1)
  expect(await snippets("库数")).toEqual([])
  own.catalogue.close()
})

test("words in one place come before words here and there", async () => {
  using own = scene()
  const apart = sessionEvents("ses_apart", 3, "an apple").map((event) =>
    event.type === "session.changed" ? { ...event, title: "and a pear" } : event,
  )
  own.place("ses_apart", await bytesOf(apart))
  own.place("ses_both", await bytesOf(sessionEvents("ses_both", 2, "an apple and a pear")))
  const hits = await own.catalogue.search({ text: "apple pear" })
  expect(hits.map((hit) => hit.session.sessionId)).toEqual(["ses_both", "ses_apart"])
  own.catalogue.close()
})

test("a snippet is bounded, and its marks are in pairs", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(sessionEvents("ses_a", 2, `${"a".repeat(5000)} needle${"b".repeat(5000)}`)))
  const [hit] = await own.catalogue.search({ text: "needle" })
  const snippet = hit?.snippet ?? ""
  expect(snippet.length).toBeLessThan(500)
  expect([snippet.split("\ue000").length, snippet.split("\ue001").length]).toEqual([2, 2])
  own.catalogue.close()
})

const many = rounds(600, 10_000)

test(`${many} sessions are listed and searched without opening a log`, async () => {
  using own = scene()
  mkdirSync(join(own.dataDir, "sessions"), { recursive: true })
  const paths = Array.from({ length: many }, (_, seed) => own.path(`ses_${seed}`))
  for (const [seed, path] of paths.entries()) {
    fixtureLog(path, { events: 12, seed, sessionId: `ses_${seed}` })
    utimesSync(path, seed, seed)
  }
  const before = { list: await own.catalogue.list({ limit: 50 }), found: await own.catalogue.search({ text: "pars" }) }
  own.catalogue.close()
  // Garbage of the same length and time in the place of every log: whoever opened one would say so.
  for (const [seed, path] of paths.entries()) {
    writeFileSync(path, Buffer.alloc(statSync(path).size, "x"))
    utimesSync(path, seed, seed)
  }
  const told: string[] = []
  const again = catalogue({ dataDir: own.dataDir, onUnreadable: (sentence) => told.push(sentence) })
  const start = performance.now()
  expect(await again.list({ limit: 50 })).toEqual(before.list)
  const listed = performance.now()
  expect(await again.search({ text: "pars" })).toEqual(before.found)
  const times = [listed - start, performance.now() - listed]
  expect(told).toEqual([])
  // The gate of 100 ms holds for ten thousand on a quiet machine; this is its hang guard.
  for (const time of times) expect(time).toBeLessThan(1000)
  again.close()
}, 120_000)
