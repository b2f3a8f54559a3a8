import { expect, test } from "bun:test"
import { memoryCatalogue, memoryLogs, sessionEvents } from "@skein/testkit"
import { borrowedCatalogue, borrowedLogs } from "./borrowed-logs.ts"

test("a kept session is gone on with in a copy, and stays as it was", async () => {
  const events = sessionEvents("ses_kept", 3)
  const kept = memoryLogs([events])
  const own = memoryLogs()
  const logs = borrowedLogs(own, kept)
  const catalogue = borrowedCatalogue(memoryCatalogue(own), memoryCatalogue(kept))
  const [first, second] = [await catalogue.list({}), await logs.read("ses_kept")]
  const log = await logs.open("ses_kept")
  const [, next] = sessionEvents("ses_kept", 2)
  if (next === undefined) throw new Error("Two were asked for")
  await log.append([{ ...next, seq: 4 }], { flush: true })
  await log.close()

  expect(first.map(({ sessionId }) => sessionId)).toEqual(["ses_kept"])
  expect([second.length, log.events.length]).toEqual([3, 3])
  expect((await logs.read("ses_kept")).length).toBe(4)
  expect(await kept.read("ses_kept")).toEqual(events)
  expect((await catalogue.list({})).length).toBe(1)
})

test("what neither has is not found, and a new session is in none of the kept ones", async () => {
  const kept = memoryLogs()
  const logs = borrowedLogs(memoryLogs(), kept)
  const made = await logs.create("ses_new")
  await made.append(sessionEvents("ses_new", 1), { flush: true })
  await made.close()

  expect(await logs.open("ses_none").catch((error: Error) => error.message)).toContain("ses_none")
  expect(kept.all()).toEqual([])
})
