import { expect, test } from "bun:test"
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { catalogue, logs } from "../src/index.ts"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"

test("what is no readable log is left out of the list, told of where it was one, and nothing hangs", async () => {
  using own = scene()
  const good = await bytesOf(events(3))
  own.place("ses_good", good)
  own.place("ses_torn", Buffer.concat([good, Buffer.from('{"v":1,"se')]))
  own.place("ses_damaged", good.subarray(5))
  own.place("ses_empty", "")
  own.place("ses_half", good.subarray(0, 40))
  const folder = join(own.dataDir, "sessions")
  mkdirSync(join(folder, "ses_folder.jsonl"))
  symlinkSync(own.path("ses_good"), join(folder, "ses_link.jsonl"))
  Bun.spawnSync(["mkfifo", join(folder, "ses_fifo.jsonl")])
  writeFileSync(join(folder, "ses_good.jsonl.torn-1"), "x")
  writeFileSync(join(folder, "notes.txt"), "x")

  const told: string[] = []
  const sessions = catalogue({ dataDir: own.dataDir, onUnreadable: (sentence) => told.push(sentence) })
  expect((await sessions.list({})).map((row) => row.sessionId).toSorted()).toEqual(["ses_good", "ses_torn"])
  expect(told).toEqual([
    `Left ${own.path("ses_damaged")} out of the session list: its first line cannot be read, because its checksum does not match`,
  ])
  for (const sessionId of ["ses_link", "ses_fifo", "ses_folder"] as const) {
    expect(await refusalOf(own.logs.open(sessionId))).toContain("no regular file")
    expect(await refusalOf(own.logs.read(sessionId))).toContain("no regular file")
  }
})

test("a title given in the middle of a long session is found, and one long line hides nothing", async () => {
  using own = scene()
  const long = sessionEvents("ses_a", 4000, "m".repeat(200)).map((event): DurableEvent => {
    if (event.seq === 3 || event.seq === 4) return { ...event, type: "op.accepted", opId: "op_1" } as DurableEvent
    if (event.seq === 100)
      return { ...event, type: "notice.posted", level: "info", text: "n".repeat(700_000) } as DurableEvent
    if (event.seq === 2000) return { ...event, type: "session.changed", title: "In the middle" } as DurableEvent
    return event
  })
  own.place("ses_a", await bytesOf(long))
  expect(await own.catalogue.list({})).toMatchObject([{ title: "In the middle", updatedAt: 4000, isArchived: false }])
})

test("a text that quotes an event changes nothing", async () => {
  using own = scene()
  const text = '{"type":"session.changed","title":"Forged"}'
  const all = sessionEvents("ses_a", 6, text).map((event) =>
    event.type === "session.changed"
      ? ({
          ...event,
          type: "notice.posted",
          level: "info",
          text,
          code: { type: "session.changed", title: "Forged" },
        } as unknown as DurableEvent)
      : event,
  )
  own.place("ses_a", await bytesOf(all))
  const [row] = await own.catalogue.list({})
  expect([row?.title, row?.preview]).toEqual([undefined, text])
})

test("the list does not depend on the order in which files were last copied", async () => {
  using own = scene()
  for (const [index, sessionId] of (["ses_new", "ses_old"] as const).entries()) {
    own.place(sessionId, await bytesOf(sessionEvents(sessionId, 3, "a", { at: 1000 * (2 - index) })))
    utimesSync(own.path(sessionId), 5000 + index, 5000 + index)
  }
  expect((await own.catalogue.list({})).map((row) => row.sessionId)).toEqual(["ses_new", "ses_old"])
})

test("a session is found by its own folder after everything beside the logs is gone", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  const before = await own.catalogue.list({})
  own.catalogue.close()
  const beside = readdirSync(own.dataDir).filter((name) => name !== "sessions")
  expect(beside.length).toBeGreaterThan(0)
  for (const name of beside) rmSync(join(own.dataDir, name), { recursive: true })
  expect(await own.catalogue.list({ cwd: "/code" })).toEqual(before)
})

test("folders and files are for their owner alone, whatever the umask", async () => {
  using own = scene()
  const before = process.umask(0)
  try {
    const port = logs({ dataDir: join(own.dataDir, "new", "data") })
    const log = await port.create("ses_a")
    await log.append(events(1), { flush: true })
    await log.close()
  } finally {
    process.umask(before)
  }
  const modes = ["new", "new/data", "new/data/sessions", "new/data/sessions/ses_a.jsonl"].map((path) =>
    (statSync(join(own.dataDir, path)).mode & 0o777).toString(8),
  )
  expect(modes).toEqual(["700", "700", "700", "600"])
})

test("a folder that cannot be read says so instead of looking empty", async () => {
  using own = scene()
  writeFileSync(join(own.dataDir, "sessions"), "in the way")
  expect(await refusalOf(own.catalogue.list({}))).toContain(
    `session.corrupt: Cannot read ${join(own.dataDir, "sessions")}`,
  )
  expect(await refusalOf(own.logs.create("ses_a"))).toContain("log.unwritable")
})

test("an id that would name another file is no session", async () => {
  using own = scene()
  const id = "ses_../../x" as const
  expect(await refusalOf(own.logs.create(id))).toContain("op.invalid")
  expect(await refusalOf(own.logs.open(id))).toContain("session.not_found")
  expect(await refusalOf(own.logs.read(id))).toContain("session.not_found")
})
