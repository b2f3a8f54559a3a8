import { expect, test } from "bun:test"
import { type Scripted, say, scriptedModel, testEngine } from "@skein/testkit"
import { idOf, serve } from "./talk.ts"

/** A server whose model answers by a script, and a thread in which each of `words` was said. */
async function talked(script: readonly Scripted[], words: readonly string[]) {
  const model = scriptedModel(...script)
  const host = Object.assign(serve(testEngine(model)), { model })
  await host.handshake()
  const threadId = await host.thread()
  const turns: string[] = []
  for (const text of words) {
    const { result } = await host.turn(threadId, text)
    turns.push(idOf(result?.turn))
    await host.next("turn/completed")
  }
  return { host, threadId, turns }
}

/** What the person said in a thread, by its turns. */
function saidIn(thread: unknown): unknown[] {
  const { turns } = thread as { turns: { items: { type: string; content?: { text: string }[] }[] }[] }
  return turns.map(({ items }) => items.find(({ type }) => type === "userMessage")?.content?.[0]?.text)
}

test("a fork begins with the turns up to one that is named, and goes on by itself", async () => {
  const { host, threadId, turns } = await talked([say("one"), say("two"), say("three")], ["first", "second"])
  const through = await host.request("thread/fork", { threadId, lastTurnId: turns[0] })
  const whole = await host.request("thread/fork", { threadId, excludeTurns: true })
  const before = await host.request("thread/fork", { threadId, beforeTurnId: turns[1] })
  const forkId = idOf(through.result?.thread)
  await host.turn(forkId, "third")
  await host.next("turn/completed")
  const source = await host.request("thread/read", { threadId, includeTurns: true })
  const fork = await host.request("thread/read", { threadId: forkId, includeTurns: true })
  await host.end()

  expect(through.result).toMatchObject({ cwd: "/repo", model: "test/scripted", thread: { forkedFromId: threadId } })
  expect(saidIn(through.result?.thread)).toEqual(["first"])
  expect(saidIn(before.result?.thread)).toEqual(["first"])
  expect(whole.result).toMatchObject({ thread: { turns: [], forkedFromId: threadId, preview: "first" } })
  expect(saidIn(source.result?.thread)).toEqual(["first", "second"])
  expect(saidIn(fork.result?.thread)).toEqual(["first", "third"])
  expect(host.messages.filter(({ method }) => method === "thread/started").length).toBe(4)
})

test("a fork of what is not there is refused, and makes no thread", async () => {
  const { host, threadId, turns } = await talked([say("one")], ["first"])
  const errors = [
    await host.request("thread/fork", {}),
    await host.request("thread/fork", { threadId: "9" }),
    await host.request("thread/fork", { threadId, lastTurnId: "9" }),
    await host.request("thread/fork", { threadId, beforeTurnId: turns[0] }),
    await host.request("thread/fork", { threadId, beforeTurnId: turns[0], lastTurnId: turns[0] }),
  ].map(({ error }) => error?.message)
  const listed = await host.request("thread/list")
  await host.end()

  expect(errors).toEqual([
    "Invalid request: missing field `threadId`",
    "no rollout found for thread id 9",
    "turn not found: 9",
    `there is nothing to fork before turn ${turns[0]}, which is the first one: use thread/start`,
    "Invalid request: lastTurnId and beforeTurnId exclude each other",
  ])
  expect(listed.result?.data).toMatchObject([{ id: threadId }])
})

test("a revert takes a turn and those after it out of the thread, and the next request does not hold them", async () => {
  const { host, threadId, turns } = await talked([say("one"), say("two"), say("three")], ["first", "second"])
  const reverted = await host.request("thread/revert", { threadId, beforeTurnId: turns[1] })
  await host.next("thread/reverted")
  const again = await host.request("thread/revert", { threadId, beforeTurnId: turns[1] })
  await host.turn(threadId, "third")
  await host.next("turn/completed")
  const read = await host.request("thread/read", { threadId, includeTurns: true })
  await host.end()

  expect(reverted.result).toMatchObject({ thread: { id: threadId, turns: [] } })
  expect(again.error?.message).toBe(`turn not found: ${turns[1]}`)
  expect(saidIn(read.result?.thread)).toEqual(["first", "third"])
  expect(JSON.stringify(host.model.requests.at(-1))).not.toContain("second")
})

test("a deleted thread is gone, open or not", async () => {
  const { host, threadId } = await talked([say("one")], ["first"])
  const { result } = await host.request("thread/fork", { threadId })
  const forkId = idOf(result?.thread)
  await host.request("thread/unsubscribe", { threadId: forkId })
  const answers = [
    await host.request("thread/delete", { threadId }),
    await host.request("thread/delete", { threadId: forkId }),
  ]
  const told = [await host.next("thread/deleted"), await host.next("thread/deleted")]
  const read = await host.request("thread/read", { threadId })
  const loaded = await host.request("thread/loaded/list")
  await host.end()

  expect(answers.map((answer) => answer.result)).toEqual([{}, {}])
  expect(told.map(({ params }) => params)).toEqual([{ threadId }, { threadId: forkId }])
  expect(read.error?.message).toBe(`thread not loaded: ${threadId}`)
  expect(loaded.result?.data).toEqual([])
})

test("a thread is archived and comes back, and each is told", async () => {
  const { host, threadId } = await talked([say("one")], ["first"])
  await host.request("thread/archive", { threadId })
  await host.next("thread/archived")
  const listed = await host.request("thread/list", {})
  const archived = await host.request("thread/list", { archived: true })
  const back = await host.request("thread/unarchive", { threadId })
  const told = await host.next("thread/unarchived")
  await host.end()

  expect(listed.result?.data).toEqual([])
  expect(archived.result?.data).toMatchObject([{ id: threadId }])
  expect(back.result?.thread).toMatchObject({ id: threadId, preview: "first" })
  expect(told.params).toEqual({ threadId })
})
