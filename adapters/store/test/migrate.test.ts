import { expect, test } from "bun:test"
import { copyFileSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { catalogue, logs } from "../src/index.ts"
import { MIGRATION_STEPS } from "../src/migrate.ts"
import { events, refusalOf, scene } from "./scene.ts"
import { olderBytes, olderUpgrades } from "./version-zero.ts"

test("a log of an older version is read, followed and listed as it is, and its bytes stay", async () => {
  using own = scene()
  const bytes = await olderBytes(events(6))
  own.place("ses_a", bytes)
  const port = logs({ dataDir: own.dataDir, upgrades: olderUpgrades })
  expect(await port.read("ses_a")).toEqual(events(6))
  expect(await port.read("ses_a", 4)).toEqual(events(6).slice(3))
  const stop = new AbortController()
  for await (const batch of port.follow("ses_a", 1, stop.signal)) {
    expect(batch).toEqual(events(6))
    stop.abort()
  }
  const older = catalogue({ dataDir: own.dataDir, upgrades: olderUpgrades })
  expect((await older.list({ includesArchived: true })).length).toBe(1)
  older.close()
  expect(bytes.equals(readFileSync(own.path("ses_a")))).toBe(true)
})

test("opened for writing it becomes one of today's, and the old bytes are kept beside it", async () => {
  using own = scene()
  const bytes = await olderBytes(events(6))
  own.place("ses_a", bytes)
  const port = logs({ dataDir: own.dataDir, upgrades: olderUpgrades })
  const log = await port.open("ses_a")
  expect(log.events).toEqual(events(6))
  expect(await refusalOf(port.open("ses_a"))).toContain("session.in_use")
  await log.append(events(8).slice(6), { flush: true })
  await log.savePoint({ seq: 8, state: 8 })
  await log.close()

  expect(bytes.equals(readFileSync(`${own.path("ses_a")}.v0`))).toBe(true)
  expect(statSync(own.path("ses_a")).mode & 0o777).toBe(0o600)
  // Without a word of older versions it is read: nothing of them is left in it.
  expect(await own.logs.read("ses_a")).toEqual(events(8))
  expect((await own.logs.open("ses_a")).point?.seq).toBe(8)

  // Given back to an older skein, it goes on from where that one knew it.
  copyFileSync(`${own.path("ses_a")}.v0`, `${own.path("ses_a")}.back`)
  renameSync(`${own.path("ses_a")}.back`, own.path("ses_a"))
  const again = await port.open("ses_a")
  expect([again.point, again.events]).toEqual([undefined, events(6)])
  await again.close()
  expect(readdirSync(join(own.dataDir, "sessions")).filter((name) => name.includes(".v0"))).toEqual([
    "ses_a.jsonl.v0",
    "ses_a.jsonl.v0-2",
  ])
})

test("a version that this skein cannot upgrade is refused, and the log stays as it was", async () => {
  using own = scene()
  const bytes = await olderBytes(events(3))
  own.place("ses_a", bytes)
  expect(await refusalOf(own.logs.open("ses_a"))).toContain(
    "has schema version 0, and this skein knows 1. Open it with the skein that wrote it.",
  )
  expect(bytes.equals(readFileSync(own.path("ses_a")))).toBe(true)
})

test("a migration that is killed at any point leaves a whole log, and the next opening finishes it", async () => {
  for (const step of MIGRATION_STEPS) {
    using own = scene()
    own.place("ses_a", Buffer.concat([await olderBytes(events(300)), Buffer.from('{"torn')]))
    const child = Bun.spawnSync([process.execPath, join(import.meta.dir, "migrate-child.ts"), own.path("ses_a"), step])
    expect([step, child.signalCode]).toEqual([step, "SIGKILL"])
    const port = logs({ dataDir: own.dataDir, upgrades: olderUpgrades })
    const wanted: readonly DurableEvent[] = events(300)
    expect(await port.read("ses_a")).toEqual(wanted)
    const log = await port.open("ses_a")
    expect(log.events).toEqual(wanted)
    await log.close()
    expect(await own.logs.read("ses_a")).toEqual(wanted)
    const names = readdirSync(join(own.dataDir, "sessions")).toSorted()
    expect([step, names]).toEqual([step, ["ses_a.jsonl", "ses_a.jsonl.torn-1", "ses_a.jsonl.v0"]])
    expect((await olderBytes(events(300))).equals(readFileSync(`${own.path("ses_a")}.v0`))).toBe(true)
  }
}, 60_000)
