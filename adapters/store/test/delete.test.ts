import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { artifacts } from "../src/index.ts"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"

test("a deleted session leaves nothing of itself and touches nothing else", async () => {
  using own = scene()
  const bytes = await bytesOf(events(3))
  own.place("ses_a", bytes)
  own.place("ses_a2", bytes)
  const folder = join(own.dataDir, "sessions")
  for (const beside of ["index.json", "point", "torn-1", "v0", "new", "point.tmp"])
    writeFileSync(join(folder, `ses_a.jsonl.${beside}`), "x")
  const output = await (await artifacts({ dataDir: own.dataDir }).create("txt", "ses_a")).close()
  mkdirSync(join(own.dataDir, "records"))
  writeFileSync(join(own.dataDir, "records", "ses_a.jsonl"), "x")
  await own.logs.delete("ses_a")
  expect(readdirSync(folder)).toEqual(["ses_a2.jsonl"])
  expect(readdirSync(join(own.dataDir, "records"))).toEqual([])
  expect(existsSync(output.path)).toBe(false)
  expect(await refusalOf(own.logs.delete("ses_a"))).toContain("session.not_found")
})

test("full outputs that a fork names stay when the original is deleted, and those of no fork go", async () => {
  using own = scene()
  const port = artifacts({ dataDir: own.dataDir })
  for (const parent of ["ses_a", "ses_b"] as const) {
    own.place(parent, await bytesOf(events(3, parent)))
    await (await port.create("txt", parent)).close()
  }
  // A fork of a fork: it names the first session by a path only.
  const [created, ...rest] = events(3, "ses_fork")
  const path = join(own.dataDir, "artifacts", "ses_a", "1.txt")
  const told = { type: "notice.posted", level: "info", text: `Full output: ${path}` }
  const fork = [
    { ...created, parent: { sessionId: "ses_gone", seq: 2, kind: "fork" } },
    ...rest,
    { ...rest[0], ...told, seq: 4 },
  ] as DurableEvent[]
  own.place("ses_fork", await bytesOf(fork))
  await own.logs.delete("ses_a")
  await own.logs.delete("ses_b")
  expect(readdirSync(join(own.dataDir, "artifacts"))).toEqual(["ses_a"])
})

test("a session that is open cannot be deleted", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  const log = await own.logs.open("ses_a")
  expect(await refusalOf(own.logs.delete("ses_a"))).toContain(`session.in_use: Cannot open ${own.path("ses_a")}`)
  await log.append(events(4).slice(3), { flush: true })
  await log.close()
  expect((await own.logs.read("ses_a")).length).toBe(4)
})
