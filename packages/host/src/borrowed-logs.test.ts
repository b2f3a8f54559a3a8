import { expect, test } from "bun:test"
import type { DurableEvent, SessionId } from "@skein/protocol"
import { type MemoryLogs, memoryCatalogue, memoryLogs, sessionEvents } from "@skein/testkit"
import { borrowed } from "./borrowed-logs.ts"

function over(own: MemoryLogs, kept: MemoryLogs) {
  const keeper = (logs: MemoryLogs) => ({ logs, catalogue: memoryCatalogue(logs) })
  return borrowed(keeper(own), keeper(kept))
}

test("a kept session is gone on with in a copy, and stays as it was", async () => {
  const events = sessionEvents("ses_kept", 3)
  const kept = memoryLogs([events])
  const own = memoryLogs()
  const { logs, catalogue } = over(own, kept)
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
  const { logs } = over(memoryLogs(), kept)
  const made = await logs.create("ses_new")
  await made.append(sessionEvents("ses_new", 1), { flush: true })
  await made.close()

  expect(await logs.open("ses_none").catch((error: Error) => error.message)).toContain("ses_none")
  expect(kept.all()).toEqual([])
})

/** What was spent at a moment, after the events of a session. */
function spentAt(sessionId: SessionId, seq: number, at: number): DurableEvent {
  const usage = { input: 100, cacheRead: 0, cacheWrite: 0, output: 10, reasoning: 0 }
  const facts = { v: 1, id: `evt_${seq}`, sessionId, durationMs: 5 } as const
  return { ...facts, seq, at, type: "usage.recorded", purpose: "title", model: "test/small", usage, microUsd: 200 }
}

test("what sessions cost of which nothing stays is known while they last, beside the kept ones, and each once", async () => {
  const kept = memoryLogs([[...sessionEvents("ses_kept", 2), spentAt("ses_kept", 3, 1_000)]])
  const { logs, catalogue } = over(memoryLogs(), kept)
  const copy = await logs.open("ses_kept")
  await copy.append([spentAt("ses_kept", 4, 2_000)], { flush: true })
  const made = await logs.create("ses_new")
  await made.append([...sessionEvents("ses_new", 2), spentAt("ses_new", 3, 3_000)], { flush: true })

  const cost = async (filter: Parameters<typeof catalogue.usage>[0]) => (await catalogue.usage(filter)).total.microUsd
  expect(await cost({ sessionId: "ses_new" })).toBe(200)
  expect(await cost({ sessionId: "ses_kept" })).toBe(400)
  expect(await cost({ sinceMs: 1_500 })).toBe(400)
  const all = await catalogue.usage({})
  expect(all.total).toMatchObject({ microUsd: 600, usage: { input: 300 } })
  expect(all.models).toMatchObject([{ model: "test/small", microUsd: 600 }])
  expect(all.sessions.map(({ sessionId, microUsd }) => [sessionId, microUsd])).toEqual([
    ["ses_new", 200],
    ["ses_kept", 400],
  ])
})
