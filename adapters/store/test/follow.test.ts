import { expect, test } from "bun:test"
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { sessionEvents } from "@skein/testkit"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"

test("what another process writes is followed within a second, and nothing is written by it", async () => {
  using own = scene()
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "writer-child.ts"), own.dataDir, "none"], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  try {
    const reader = child.stdout.getReader()
    await reader.read()
    await reader.read()
    const stop = new AbortController()
    const seen: DurableEvent[] = []
    for await (const batch of own.logs.follow("ses_a", 1, stop.signal)) {
      seen.push(...batch)
      if (seen.length > 500) stop.abort()
    }
    expect(seen).toEqual(sessionEvents("ses_a", seen.length, "w".repeat(100)))
  } finally {
    child.kill("SIGKILL")
    await child.exited
  }
}, 30_000)

test("a line is followed when it is whole, and a torn one that was repaired is no line", async () => {
  using own = scene()
  const all = events(6)
  const bytes = await bytesOf(all)
  const at = (count: number) => bytes.toString("latin1").split("\n").slice(0, count).join("\n").length + 1
  own.place("ses_a", bytes.subarray(0, at(3)))
  const stop = new AbortController()
  const seen: number[] = []
  let grew = () => {}
  const followed = (async () => {
    for await (const batch of own.logs.follow("ses_a", 1, stop.signal)) {
      seen.push(...batch.map((event) => event.seq))
      grew()
    }
  })()
  const until = async (count: number) => {
    while (seen.length < count) await Promise.race([followed, new Promise<void>((resolve) => (grew = resolve))])
  }
  await until(3)
  // As a reader can see it in the middle of a repair; then repaired, then another line in its place.
  appendFileSync(own.path("ses_a"), '{"type":"torn","text":"half of a li\n{"\n{"')
  await looked()
  truncateSync(own.path("ses_a"), at(3))
  appendFileSync(own.path("ses_a"), bytes.subarray(at(3), at(4)))
  await until(4)
  appendFileSync(own.path("ses_a"), bytes.subarray(at(4), at(5) - 1))
  await looked()
  expect(seen.length).toBe(4)
  appendFileSync(own.path("ses_a"), bytes.subarray(at(5) - 1))
  await until(6)
  stop.abort()
  await followed
  expect(seen).toEqual([1, 2, 3, 4, 5, 6])
}, 30_000)

test("damage that stays is told, and so is a log that is deleted while it is followed", async () => {
  using own = scene()
  const bytes = await bytesOf(events(4))
  own.place("ses_a", bytes)
  const follow = async () => {
    for await (const _ of own.logs.follow("ses_a", 1, new AbortController().signal)) {
      const damaged = Buffer.concat([readFileSync(own.path("ses_a")), Buffer.from("no line\nnor this\n")])
      writeFileSync(own.path("ses_a"), damaged)
    }
  }
  expect(await refusalOf(follow())).toContain("session.corrupt: Cannot read line 5")

  own.place("ses_b", bytes)
  const deleted = async () => {
    for await (const _ of own.logs.follow("ses_b", 1, new AbortController().signal)) await own.logs.delete("ses_b")
  }
  expect(await refusalOf(deleted())).toContain("session.not_found")
}, 30_000)

/** Longer than the follower's slow look takes to come round. */
async function looked(): Promise<void> {
  await Bun.sleep(400)
}
