import { expect, test } from "bun:test"
import type { DurableEvent } from "@skein/protocol"
import { memoryLogs, sessionEvents } from "@skein/testkit"
import { keepLog, sourceShaOf } from "./importing.ts"

async function* from(events: readonly DurableEvent[], error?: Error) {
  yield* events
  if (error !== undefined) throw error
}

test("events become a log, however many there are", async () => {
  const logs = memoryLogs()
  const events = sessionEvents("ses_a", 1_000)
  await keepLog(logs, "ses_a", from(events))
  expect(await logs.read("ses_a")).toEqual(events)
})

test("nothing is left of a log whose events end with an error", async () => {
  const logs = memoryLogs()
  const events = sessionEvents("ses_a", 600)
  await expect(keepLog(logs, "ses_a", from(events, new Error("torn")))).rejects.toThrow("torn")
  await expect(logs.read("ses_a")).rejects.toThrow(/ses_a/)
})

test("a session that is not there has no source, and one of our own an empty one", async () => {
  const logs = memoryLogs()
  await keepLog(logs, "ses_a", from(sessionEvents("ses_a", 3)))
  expect([await sourceShaOf(logs, "ses_b"), await sourceShaOf(logs, "ses_a")]).toEqual([undefined, ""])
})
